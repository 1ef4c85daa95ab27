import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiApp } from '../apiApp.ts';
import { Problem } from './problem.ts';
import { type ProblemKind, problemCodes, problemKinds } from './problemCodes.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** Serves `/docs/problems/<code>`, to which the `type` of a problem document points. */
export function addProblemPages(app: ApiApp): void {
  const options = { config: { permission: 'open' as const }, schema: { hide: true } };
  app.get('/docs/problems', options, (_, reply) => sendPage(reply, listPage()));
  app.get(
    '/docs/problems/:code',
    { ...options, schema: { hide: true, params: z.object({ code: z.string() }) } },
    ({ params }, reply) => {
      const code = problemCodes.find((known) => known === params.code);
      if (code === undefined) throw new Problem('NOT_FOUND');
      return sendPage(reply, page(code, problemKinds[code]));
    },
  );
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html);
}

function page(code: string, { status, title, help }: ProblemKind): string {
  return document(title, `<p>Status ${status}, code <code>${code}</code></p><p>${withCode(help)}</p>`);
}

function listPage(): string {
  const items = problemCodes.map(
    (code) =>
      `<li><a href="/docs/problems/${code}"><code>${code}</code></a> ${problemKinds[code].title}</li>`,
  );
  return document('Problems of the billcast API', `<ul>${items.join('')}</ul>`);
}

function document(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    '<meta name="viewport" content="width=device-width">' +
    '<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>' +
    `</head><body><main><h1>${title}</h1>${body}</main></body></html>`
  );
}

/** The texts are ours. Their only HTML characters are angle brackets in code. */
function withCode(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
