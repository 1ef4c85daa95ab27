import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BillId } from '../../bill.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { createOnce } from '../../lib/createOnce.ts';
import { previewBill } from '../../operations/preview.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import type { RenderedBill } from '../../render/bill/renderedBill.ts';
import type { Templates } from '../../render/template/templateFiles.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { billParams } from '../contract/billsContract.ts';
import { Problem } from '../problems/problem.ts';

/** The part of a bill's messages that is shown. */
type Part = 'html' | 'txt' | 'sms';

const parts = {
  html: { kind: 'email', type: 'text/html; charset=utf-8', summary: 'The e-mail as it would go out' },
  txt: { kind: 'email', type: 'text/plain; charset=utf-8', summary: 'The text part of the e-mail' },
  sms: { kind: 'text', type: 'text/plain; charset=utf-8', summary: 'The SMS as it would go out' },
} as const satisfies Readonly<Record<Part, object>>;

/**
 * A message may contain anything. So it can run nothing, load nothing, and does not count as part of our
 * site, even in a frame on our own page.
 */
const sandbox = [
  'sandbox',
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** A bill's messages, masked as they go out to the member. */
export function addPreviewRoutes(app: ApiApp, deps: ApiDeps): void {
  const templates = createOnce(() => compileProjectTemplates(deps.config));
  for (const part of ['html', 'txt', 'sms'] as const) addPreviewRoute(app, part, { ...deps, templates });
}

function addPreviewRoute(
  app: ApiApp,
  part: Part,
  deps: ApiDeps & { templates: () => Promise<Templates> },
): void {
  const { type, summary } = parts[part];
  app.get(
    `/api/v1/bills/:billId/preview.${part}`,
    {
      config: { permission: 'preview', access: 'preview' },
      schema: {
        tags: ['bills'],
        summary: `${summary}; who looked at it is recorded`,
        params: billParams,
        response: {
          200: { description: summary, content: { [type]: { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const content = await readPart(request, part, deps);
      return reply.header('content-security-policy', sandbox).type(type).serializer(String).send(content);
    },
  );
}

async function readPart(
  request: FastifyRequest,
  part: Part,
  { templates, ...deps }: ApiDeps & { templates: () => Promise<Templates> },
): Promise<string> {
  const billId = billParams.parse(request.params).billId as BillId;
  if ((await findBill(deps.database, billId)) === undefined) throw new Problem('BILL_NOT_FOUND');
  const compiled = await templates();
  await deps.recorder.shown(request, { billIds: [billId] });
  const { messages } = await previewBill({ ...deps, templates: compiled }, { billId });
  const rendered = deps.config.ladder.order
    .map((channel) => messages[channel])
    .find((one) => one.kind === parts[part].kind);
  if (rendered !== undefined) return contentOf(rendered, part);
  const failed = Object.values(messages).find((one) => one.kind === 'unpreparable');
  throw new Problem('PREVIEW_FAILED', failed === undefined ? '' : `${failed.reason}: ${failed.detail}`);
}

function contentOf(rendered: RenderedBill, part: Part): string {
  switch (rendered.kind) {
    case 'email':
      return (part === 'html' ? rendered.html : rendered.text).toString('utf8');
    case 'text':
      return rendered.text;
    case 'unpreparable':
      throw new Problem('PREVIEW_FAILED', `${rendered.reason}: ${rendered.detail}`);
    default:
      return rendered satisfies never;
  }
}
