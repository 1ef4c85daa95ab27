import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BillId } from '../../bill.ts';
import { createOnce } from '../../lib/createOnce.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import { openLink, readLink } from '../../operations/viewLink/viewLink.ts';
import type { LinkedBill } from '../../render/link/viewLinks.ts';
import type { Templates } from '../../render/template/templateFiles.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { type LinkTrouble, pageLanguageOf, questionPage, troublePage } from '../page/viewLinkPage.ts';

const params = z.object({ token: z.string().max(100) });
const answer = z.object({ digits: z.string().max(20) });
const open = { permission: 'open' } as const;

/** The pages run nothing and load nothing. */
const shared = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
const questionPolicy = `${shared}; form-action 'self'`;
/** The bill may contain anything: it may show the company's pictures, and no more. */
const billPolicy = `sandbox allow-popups; ${shared}; form-action 'none'; img-src https: data:`;

const statuses: Readonly<Record<LinkTrouble, number>> = {
  closed: 403,
  gone: 410,
  noPhone: 403,
  expired: 410,
  forged: 404,
  off: 404,
};

/** `/b/<token>`: a member looks at a bill by the link in a message. */
export function addViewLinkRoutes(app: ApiApp, deps: ApiDeps): void {
  const templates = createOnce(() => compileProjectTemplates(deps.config));
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.get('/b/:token', { config: open, schema: { hide: true } }, (request, reply) => {
      const bill = linkedBill(request, reply, deps);
      return bill === undefined ? reply : sendPage(reply, questionPage(languageOf(request, deps)));
    });
    const config = { ...open, access: 'view link', openTo: 'member' };
    scope.post('/b/:token', { config, schema: { hide: true } }, async (request, reply) => {
      const bill = linkedBill(request, reply, deps);
      return bill === undefined ? reply : sendBill(request, reply, { ...deps, templates, bill });
    });
  });
}

/** The bill that a link shows; undefined if the reply says why there is none. */
function linkedBill(request: FastifyRequest, reply: FastifyReply, deps: ApiDeps): LinkedBill | undefined {
  const token = params.safeParse(request.params).data?.token ?? '';
  const state = readLink(deps, token, new Date());
  if (state.kind === 'asks') return state.bill;
  sendTrouble(request, reply, { ...deps, trouble: state.kind });
  return undefined;
}

async function sendBill(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ApiDeps & { readonly templates: () => Promise<Templates>; readonly bill: LinkedBill },
): Promise<FastifyReply> {
  const { bill, recorder, config, database } = deps;
  const digits = answer.safeParse(request.body).data?.digits ?? '';
  const concern = { billIds: [bill.billId as BillId] };
  const opened = await openLink(
    { config, database, templates: await deps.templates() },
    { bill, digits, onShown: () => recorder.shown(request, concern) },
  );
  switch (opened.kind) {
    case 'shown':
      return sendHtml(reply, opened.html, billPolicy);
    case 'wrong':
      await recorder.refused(request, concern);
      return sendPage(reply.code(403), questionPage(languageOf(request, deps), opened.left));
    case 'closed':
    case 'gone':
    case 'noPhone':
      await recorder.refused(request, concern);
      return sendTrouble(request, reply, { ...deps, trouble: opened.kind });
    default:
      return opened satisfies never;
  }
}

function sendTrouble(
  request: FastifyRequest,
  reply: FastifyReply,
  { trouble, ...deps }: ApiDeps & { readonly trouble: LinkTrouble },
): FastifyReply {
  return sendPage(reply.code(statuses[trouble]), troublePage(languageOf(request, deps), trouble));
}

function languageOf({ headers }: FastifyRequest, { config }: ApiDeps) {
  return pageLanguageOf(headers['accept-language'], config.templates.language);
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return sendHtml(reply, html, questionPolicy);
}

function sendHtml(reply: FastifyReply, html: string, policy: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('x-robots-tag', 'noindex')
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html);
}
