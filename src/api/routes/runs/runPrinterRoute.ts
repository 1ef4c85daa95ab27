import { z } from 'zod';
import { printerFile } from '../../../operations/runs/printerFile.ts';
import { demandRun } from '../../../operations/runs/readRuns.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import { printerRequest } from '../../contract/runReportContract.ts';
import { runParams } from '../../contract/runsContract.ts';
import { sendParts } from '../exportRoute.ts';

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;
const summary =
  'Names and addresses of those whose bill failed for good, opened, for the printer. Who took it and why is recorded';
const limitMs = 3_600_000;

/** It changes nothing, and is recorded. */
export function addRunPrinterRoute(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/printer',
    {
      handlerTimeout: limitMs,
      config: { permission: 'export', access: 'printerFile', readsOnly: true },
      schema: {
        tags: ['runs'],
        summary,
        params: runParams,
        body: printerRequest,
        response: {
          200: {
            description: summary,
            content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { format, reason } = request.body;
      const { number: run, id } = await demandRun(deps.database, request.params.runId);
      const letters = printerFile(deps, { sought: { run }, form: format });
      const parts = await deps.recorder.handedOut(request, { reason: `${id}: ${reason}` }, letters);
      return sendParts(reply, parts, { type: types[format], name: `letters.${format}` });
    },
  );
}
