import type { BillId, Channel } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

const select = {
  name: 'select-refused-addresses',
  text: `
    select distinct bill_id, address_hash
    from delivery_attempt
    where bill_id = any($1::bigint[]) and outcome = 'REFUSED' and channel = $2 and address_hash is not null`,
};

/** The hashes of the addresses that the channel's provider refused for good in earlier attempts of these bills. */
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
