import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

const select = {
  name: 'bills-on-their-way',
  text: `
    select bill_id::text from bill_notification
    where bill_id = any($1::bigint[])
      and (send_status in ('SENDING', 'SENT') or (send_status = 'PENDING' and not_before <= now() + interval '1 minute'))
    order by bill_id`,
};

/** Those of these bills that have not ended and do not wait for a later time. */
export async function selectOnTheirWay(database: Database, billIds: readonly BillId[]): Promise<BillId[]> {
  return (await database.query<[BillId]>(select, [plainArray(billIds)])).flat();
}
