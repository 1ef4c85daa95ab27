import type { BillId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { Database } from './database.ts';
import { plainArray } from './sql.ts';

const select = {
  name: 'select-refused-addresses',
  text: `
    select distinct refused.bill_id, refused.address_hash
    from delivery_attempt refused
    where refused.bill_id = any($1::bigint[]) and refused.outcome = 'REFUSED' and refused.channel = $2
      and refused.address_hash is not null
      and not exists (
        select 1 from delivery_attempt asked
        where asked.bill_id = refused.bill_id and asked.outcome in ('TURNED_BACK', 'ASKED_AGAIN')
          and asked.cycle > refused.cycle)`,
};

/**
 * The hashes of the addresses that the channel's provider refused for good in earlier attempts of these
 * bills. What a person has asked again since does not count: they say that the refusal was the provider's
 * mistake.
 */
export async function findRefusedAddresses(
  database: Database,
  channel: Channel,
  billIds: readonly BillId[],
): Promise<Map<BillId, string[]>> {
  const rows = await database.query<[BillId, string]>(select, [plainArray(billIds), channel]);
  const hashes = new Map<BillId, string[]>();
  for (const [billId, hash] of rows) hashes.set(billId, [...(hashes.get(billId) ?? []), hash]);
  return hashes;
}
