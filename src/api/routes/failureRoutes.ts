import { idempotencyKeyOf } from '../../bill.ts';
import { readDoubts } from '../../operations/readDoubts.ts';
import { type FailureFacts, readFailures } from '../../operations/readFailures.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { doubts, doubtsQuery } from '../contract/doubtsContract.ts';
import { type Failures, failures, failuresQuery } from '../contract/failuresContract.ts';
import { rarely } from '../live/rarely.ts';

const config = { permission: 'read' } as const;
/** Routes for failed bills, by reason, and bills in doubt. */
export function addFailureRoutes(app: ApiApp, deps: ApiDeps): void {
  const readers = new Map<string | undefined, () => Promise<FailureFacts>>();
  app.get(
    '/api/v1/failures',
    {
      config,
      schema: {
        tags: ['failures'],
        summary: 'Failed bills by reason, with the first and the last time',
        querystring: failuresQuery,
        response: { 200: failures },
      },
    },
    async ({ query: { month } }) => {
      const read = readers.get(month) ?? rarely(() => readFailures(deps, { month: firstDayOf(month) }));
      readers.set(month, read);
      return failuresOf(await read());
    },
  );
  app.get(
    '/api/v1/doubts',
    {
      config,
      schema: {
        tags: ['failures'],
        summary: 'Bills of which nobody knows whether the provider took them, those in doubt longest first',
        querystring: doubtsQuery,
        response: { 200: doubts },
      },
    },
    async ({ query: { month, limit, after } }) => {
      const [sinceMicros = '', billId = ''] = after?.split('.') ?? [];
      const key = after === undefined ? undefined : { sinceMicros, billId };
      const page = await readDoubts(deps, { after: key, month: firstDayOf(month), limit });
      return {
        asOf: page.asOf.toISOString(),
        total: page.total,
        items: page.doubts.map(({ since, handedOffAt, nextLookupAt, ...doubt }) => ({
          ...doubt,
          key: idempotencyKeyOf(doubt),
          since: since.toISOString(),
          handedOffAt: handedOffAt.toISOString(),
          nextLookupAt: nextLookupAt?.toISOString() ?? null,
        })),
        next: page.next === undefined ? null : `${page.next.sinceMicros}.${page.next.billId}`,
      };
    },
  );
}

function firstDayOf(month: string | undefined): string | undefined {
  return month === undefined ? undefined : `${month}-01`;
}

function failuresOf({ asOf, total, groups }: FailureFacts): Failures {
  return {
    asOf: asOf.toISOString(),
    total,
    groups: groups.map(({ firstAt, lastAt, sample, ...group }) => ({
      ...group,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      sample: [...sample],
    })),
  };
}
