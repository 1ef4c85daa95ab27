import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type ExportPart, exportBills } from '../../operations/exportBills.ts';
import { demandRun } from '../../operations/runs/readRuns.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { exportRequest } from '../contract/exportContract.ts';
import { soughtOf } from './searchRoute.ts';

const summary = 'Who got a bill, who did not, and why, as CSV; who took it, why, and how many is recorded';
const type = 'text/csv; charset=utf-8';
/** For millions of bills it takes minutes. */
const limitMs = 3_600_000;

/** Sends all bills that a search would find, in one answer. It changes nothing, and is recorded. */
export function addExportRoute(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/bills/export',
    {
      handlerTimeout: limitMs,
      config: { permission: 'export', access: 'export', readsOnly: true },
      schema: {
        tags: ['bills'],
        summary,
        body: exportRequest,
        response: {
          200: { description: summary, content: { [type]: { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const { where, reason } = request.body;
      const { run: runId, ...conditions } = where;
      const run = runId === undefined ? undefined : (await demandRun(deps.database, runId)).number;
      const bills = exportBills(deps, { ...soughtOf(conditions), run });
      const parts = await deps.recorder.handedOut(request, { reason }, bills);
      return sendParts(reply, parts, { type, name: 'bills.csv' });
    },
  );
}

/** Sends the parts as a file, while they are read. */
export function sendParts(
  reply: FastifyReply,
  parts: AsyncIterable<ExportPart>,
  { type, name }: { readonly type: string; readonly name: string },
): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .type(type)
    .send(Readable.from(textsOf(parts)));
}

async function* textsOf(parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  for await (const { text } of parts) yield text;
}
