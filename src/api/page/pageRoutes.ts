import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiApp } from '../apiApp.ts';
import { Problem } from '../problems/problem.ts';
import { type PageFile, type PageFiles, readPageFiles } from './pageFiles.ts';
import { makePageHtml, type PageHtml, pageFolder } from './pageHtml.ts';

/**
 * Addresses of the page. They contain no data: all data come from the API, under its rules.
 */
const addresses = [
  '/',
  '/runs',
  '/runs/:runId',
  '/plan-run',
  '/failures',
  '/search',
  '/bills/:billId',
  '/doubts',
  '/actions',
  '/actions/:actionId',
  '/dead-letters',
  '/providers',
  '/dispatchers',
  '/suppressions',
  '/audit',
  '/tokens',
];

const options = {
  config: { permission: 'open' as const, rateLimit: false as const },
  schema: { hide: true },
};

/** The dashboard: one document for all its addresses, and its files. */
export function addPageRoutes(app: ApiApp): void {
  // Read at the start, so that the first reader need not wait.
  app.addHook('onListen', async () => {
    page();
  });
  for (const address of addresses) {
    app.get(address, options, (_, reply) => {
      const { html, policy } = page();
      return send(reply.header('content-security-policy', policy), 'text/html; charset=utf-8', html);
    });
  }
  const params = z.object({ version: z.string(), '*': z.string() });
  app.get(`${pageFolder}/:version/*`, { ...options, schema: { hide: true, params } }, (request, reply) => {
    const { version, files } = page();
    const file = files.get(request.params['*']);
    if (request.params.version !== version || file === undefined) throw new Problem('NOT_FOUND');
    return sendFile(file, request, reply);
  });
}

let made: (PageFiles & PageHtml) | undefined;

/** Made once per process: its sources do not change meanwhile. */
function page(): PageFiles & PageHtml {
  if (made === undefined) {
    const files = readPageFiles();
    made = { ...files, ...makePageHtml(files) };
  }
  return made;
}

function sendFile({ type, text, gzipped }: PageFile, { headers }: FastifyRequest, reply: FastifyReply) {
  reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding');
  const zips = /\bgzip\b/.test(String(headers['accept-encoding']));
  if (zips) reply.header('content-encoding', 'gzip');
  return send(reply, type, zips ? gzipped : text);
}

function send(reply: FastifyReply, type: string, body: string | Buffer): FastifyReply {
  return reply.type(type).send(Buffer.from(body));
}
