import { type AccessRecord, behindAllRecords, readAccessRecords } from '../../db/accessRecords.ts';
import { monthBounds } from '../../operations/monthBounds.ts';
import { readAudit } from '../../operations/readAudit.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { auditPage, auditQuery, auditReport, auditReportQuery } from '../contract/auditContract.ts';

const config = { permission: 'audit' } as const;
const tags = ['audit'];

/** Who changed or opened what. */
export function addAuditRoutes(app: ApiApp, { config: { timeZone }, database }: ApiDeps): void {
  app.get(
    '/api/v1/audit',
    {
      config,
      schema: {
        tags,
        summary: 'The access records, the newest first',
        querystring: auditQuery,
        response: { 200: auditPage },
      },
    },
    async ({ query: { month, limit, after = behindAllRecords } }) => {
      const time = month === undefined ? {} : monthBounds(month, timeZone);
      const records = await readAccessRecords(database, { ...time, before: after, limit });
      const next = records.length < limit ? null : (records.at(-1)?.seq ?? null);
      return { items: records.map(itemOf), next };
    },
  );
  app.get(
    '/api/v1/audit/report',
    {
      config,
      schema: {
        tags,
        summary: 'A month of access records for the monthly review, the unusual first',
        querystring: auditReportQuery,
        response: { 200: auditReport },
      },
    },
    async ({ query: { month } }) => {
      const { asOf, chain, unusual, people } = await readAudit({ database, timeZone }, { month });
      return {
        month,
        asOf: asOf.toISOString(),
        chain,
        unusual: [...unusual],
        people: people.map(({ firstAt, lastAt, ...sum }) => ({
          ...sum,
          firstAt: firstAt.toISOString(),
          lastAt: lastAt.toISOString(),
        })),
      };
    },
  );
}

function itemOf({ at, roles, billIds, ...rest }: AccessRecord) {
  return { ...rest, at: at.toISOString(), roles: [...roles], billIds: [...billIds] };
}
