import type { BillId, Claim } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { Database } from './database.ts';
import { plainArray, queryCount } from './sql.ts';

/**
 * An address that is not tried: it was refused for this very bill before, or is suppressed for all bills of
 * its member.
 */
export interface UnwantedAddress {
  readonly hash: string;
  readonly why: 'refused' | 'suppressed';
}

/** A refusal, `refused`, that still counts: nobody has asked for another try since. */
const stillCounts = `refused.outcome = 'REFUSED' and refused.address_hash is not null
      and not exists (
        select 1 from delivery_attempt asked
        where asked.bill_id = refused.bill_id and asked.outcome in ('TURNED_BACK', 'ASKED_AGAIN')
          and asked.cycle > refused.cycle)`;

const select = {
  name: 'select-unwanted-addresses',
  text: `
    select distinct refused.bill_id, refused.address_hash, 'refused'
    from delivery_attempt refused
    where refused.bill_id = any($1::bigint[]) and refused.channel = $2 and ${stillCounts}
    union all
    select bill.id, s.address_hash, 'suppressed'
    from unnest($1::bigint[], $3::bigint[]) as bill (id, member_id) join suppression s using (member_id)
    where s.channel = $2 and s.lifted_at is null`,
};

/**
 * The hashes of addresses that the channel's provider refused for good in earlier attempts of these bills,
 * and of their members' addresses on the suppression list. If a person has asked for another try since, a
 * refusal does not count: the person says that it was the provider's mistake.
 */
export async function findUnwantedAddresses(
  database: Database,
  channel: Channel,
  bills: readonly Pick<Claim, 'billId' | 'memberId'>[],
): Promise<Map<BillId, UnwantedAddress[]>> {
  const rows = await database.query<[BillId, string, UnwantedAddress['why']]>(select, [
    plainArray(bills.map(({ billId }) => billId)),
    channel,
    plainArray(bills.map(({ memberId }) => memberId)),
  ]);
  const unwanted = new Map<BillId, UnwantedAddress[]>();
  for (const [billId, hash, why] of rows) {
    unwanted.set(billId, [...(unwanted.get(billId) ?? []), { hash, why }]);
  }
  return unwanted;
}

const countOfRefused = {
  name: 'count-refused-before',
  text: `
    select count(distinct refused.bill_id)::int from delivery_attempt refused
    where refused.bill_id = any($1::bigint[]) and ${stillCounts}`,
};

/**
 * How many of these bills have an address that was refused for good, and for which nobody has asked for
 * another try.
 */
export function countRefusedBefore(database: Database, billIds: readonly BillId[]): Promise<number> {
  return queryCount(database, countOfRefused, [plainArray(billIds)]);
}

const countOfAction = {
  name: 'count-refused-of-action',
  text: `
    select count(distinct refused.bill_id)::int
    from bill_action_bill seen join delivery_attempt refused using (bill_id)
    where seen.action_id = $1 and ${stillCounts}`,
};

/** Does the same for the bills that an action would move. */
export function countRefusedOfAction(database: Database, actionId: string): Promise<number> {
  return queryCount(database, countOfAction, [actionId]);
}
