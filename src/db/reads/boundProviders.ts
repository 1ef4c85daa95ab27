import type { BillId, Claim } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

const select = {
  name: 'bound-providers',
  text: `
    select n.bill_id, n.provider
    from bill_notification n
    where n.bill_id = any($1::bigint[]) and n.provider <> $2
      and exists (
        select 1 from delivery_attempt a
        where a.bill_id = n.bill_id and a.cycle = n.cycle and a.channel = n.channel and a.outcome = 'NEVER')`,
};

/**
 * The bills that a provider other than `provider` must send: they were in doubt there in this cycle. Its word
 * that it never accepted them allows only it to send under the same key.
 */
export async function readBoundProviders(
  database: Database,
  claims: readonly Claim[],
  provider: string,
): Promise<ReadonlyMap<BillId, string>> {
  const ids = plainArray(claims.map(({ billId }) => billId));
  return new Map(await database.query<[BillId, string]>(select, [ids, provider]));
}
