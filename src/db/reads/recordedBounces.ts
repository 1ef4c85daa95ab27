import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

const select = {
  name: 'select-recorded-bounces',
  text: `
    select distinct bill_id, channel, cycle
    from delivery_attempt
    where bill_id = any($1::bigint[]) and outcome = 'BOUNCED' and applied`,
};

const billsACall = 5_000;

/**
 * The attempts of these bills whose bounce is recorded, by their keys. Invariant 1: only after such a record
 * may another channel be accepted in the same cycle.
 */
export async function findRecordedBounces(
  database: Database,
  billIds: readonly BillId[],
): Promise<Set<string>> {
  const keys = new Set<string>();
  for (let next = 0; next < billIds.length; next += billsACall) {
    const part = plainArray(billIds.slice(next, next + billsACall));
    for (const [billId, channel, cycle] of await database.query<[BillId, string, number]>(select, [part])) {
      keys.add(`${billId}:${channel}:${cycle}`);
    }
  }
  return keys;
}
