import type { BillId } from '../../bill.ts';
import { type Sought, searchBills } from '../../operations/searchBills.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { type SearchRequest, searchAnswer, searchRequest } from '../contract/searchContract.ts';
import { foundBillOf } from '../foundBillOf.ts';

/** A search changes nothing. It is a POST so that no condition gets into a log or a referrer. */
export function addSearchRoute(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/bills/search',
    {
      config: { permission: 'read', readsOnly: true },
      schema: {
        tags: ['bills'],
        summary: 'Find bills by state, reason, month, time, member or id',
        body: searchRequest,
        response: { 200: searchAnswer },
      },
    },
    async ({ body: { limit, after, ...where } }) => {
      const request = { ...soughtOf(where), limit, after };
      const { bills, next, rows, upTo, complete } = await searchBills(deps, request);
      return { items: bills.map(foundBillOf), next, searched: { rows, upTo, complete } };
    },
  );
}

/** The conditions of a search in the form that the operations take. */
export function soughtOf(where: Omit<SearchRequest, 'limit' | 'after'>): Sought {
  const { billId, month, changedFrom, changedBefore, ...rest } = where;
  return {
    ...rest,
    billId: billId as BillId | undefined,
    month: month === undefined ? undefined : `${month}-01`,
    changedFrom: changedFrom === undefined ? undefined : new Date(changedFrom),
    changedBefore: changedBefore === undefined ? undefined : new Date(changedBefore),
  };
}
