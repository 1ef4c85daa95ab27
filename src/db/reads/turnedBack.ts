import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

const select = {
  name: 'select-turned-back',
  text: `
    select n.bill_id from bill_notification n
    where n.bill_id = any($1::bigint[]) and exists (
      select 1 from delivery_attempt started
      where started.bill_id = n.bill_id and started.cycle = n.cycle
        and started.outcome in ('TURNED_BACK', 'RESENT'))`,
};

/** Those of these bills whose cycle a person began to send them by e-mail after all. */
export async function findTurnedBack(
  database: Database,
  billIds: readonly BillId[],
): Promise<ReadonlySet<BillId>> {
  return new Set((await database.query<[BillId]>(select, [plainArray(billIds)])).flat());
}
