import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { reportCsv } from '../../../operations/runs/report/reportCsv.ts';
import { reportHtml } from '../../../operations/runs/report/reportHtml.ts';
import { type ReportAnswer, reportOnMonth, reportOnRun } from '../../../operations/runs/report/runReport.ts';
import { type SignFacts, signMonth, signRun } from '../../../operations/runs/report/signReport.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import { monthParams } from '../../contract/contractShapes.ts';
import { report, reportQuery, signAnswer, signRequest } from '../../contract/runReportContract.ts';
import { runParams } from '../../contract/runsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { runActorOf } from '../../identity/actor.ts';

const tags = ['runs'];
/** For ten million bills it takes minutes. */
const limitMs = 15 * 60_000;

/** What became of the bills of a run or a month, and who signs that off. */
export function addRunReportRoutes(app: ApiApp, deps: ApiDeps): void {
  addReports(app, deps);
  addSigning(app, deps);
}

const types = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

const answers = {
  200: {
    description: 'The report, in the form that was asked for',
    content: {
      'application/json': { schema: report },
      'text/html': { schema: z.string() },
      'text/csv': { schema: z.string() },
    },
  },
};

function addReports(app: ApiApp, deps: ApiDeps): void {
  const config = { permission: 'read' } as const;
  const summary =
    'Account for every bill of a run: delivered, failed, cancelled, in doubt, held; with sums of money';
  app.get(
    '/api/v1/runs/:runId/report',
    {
      config,
      handlerTimeout: limitMs,
      schema: { tags, summary, params: runParams, querystring: reportQuery, response: answers },
    },
    async ({ params, query }, reply) =>
      sendReport(reply, await reportOnRun(deps, { runId: params.runId }), { ...query, deps }),
  );
  app.get(
    '/api/v1/months/:month/report',
    {
      config,
      handlerTimeout: limitMs,
      schema: {
        tags,
        summary: 'The same for all runs of a billing month',
        params: monthParams,
        querystring: reportQuery,
        response: answers,
      },
    },
    async ({ params, query }, reply) =>
      sendReport(reply, await reportOnMonth(deps, { month: `${params.month}-01` }), { ...query, deps }),
  );
}

function sendReport(
  reply: FastifyReply,
  answer: ReportAnswer,
  { format, language, deps }: z.infer<typeof reportQuery> & { readonly deps: ApiDeps },
): FastifyReply {
  reply.type(types[format]);
  switch (format) {
    case 'json':
      return reply.send({ ...answer.report, signature: answer.signature });
    case 'csv':
      return reply.send(reportCsv(answer.report));
    case 'html':
      // A page for printing: it needs only its own styles.
      reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
      return reply.send(reportHtml({ ...answer, language, timeZone: deps.config.timeZone }));
    default:
      return format satisfies never;
  }
}

function addSigning(app: ApiApp, deps: ApiDeps): void {
  const config = { permission: 'approve', access: 'signReport' } as const;
  const response = { 200: signAnswer };
  const schema = { tags, headers: idempotencyHeader, body: signRequest, response };
  app.post(
    '/api/v1/runs/:runId/sign',
    {
      config,
      handlerTimeout: limitMs,
      schema: {
        ...schema,
        summary: 'Keep the report of a run that is DONE for good, and close it',
        params: runParams,
      },
    },
    (request, reply) => {
      const { runId } = request.params;
      const { note } = request.body;
      const sign = (): Promise<SignFacts> => signRun(deps, { runId, note, actor: runActorOf(request) });
      return oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, { reason: reasonOf(runId, note) }, sign),
      );
    },
  );
  app.post(
    '/api/v1/months/:month/sign',
    {
      config,
      handlerTimeout: limitMs,
      schema: { ...schema, summary: 'The same for all runs of a closed month', params: monthParams },
    },
    (request, reply) => {
      const { month } = request.params;
      const { note } = request.body;
      const sign = (): Promise<SignFacts> =>
        signMonth(deps, { month: `${month}-01`, note, actor: runActorOf(request) });
      return oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, { reason: reasonOf(month, note) }, sign),
      );
    },
  );
}

function reasonOf(name: string, note: string | undefined): string {
  return note === undefined ? name : `${name}: ${note}`;
}
