import type { BillId, MemberId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/**
 * A claim wins nothing if the row is held (it may have come after the claim), not due, or on another channel.
 * The event of a held row must be kept: nothing else would release it.
 */
const findUnclaimable = {
  name: 'find-unclaimable',
  text: `
    select event.bill_id, event.member_id,
           case when n.member_id <> event.member_id then 'memberMismatch' else 'early' end
    from unnest($1::bigint[], $2::bigint[]) as event (bill_id, member_id)
    left join bill_notification n on n.bill_id = event.bill_id
    where n.bill_id is null or n.member_id <> event.member_id
      or (n.publish_status = 'HELD' and n.send_status = 'PENDING')`,
};

/** The ids in an event. Two events with the same ids are the same. */
export interface NamedBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
}

export function namedBillKeyOf({ billId, memberId }: NamedBill): string {
  return `${billId}/${memberId}`;
}

/**
 * Why a claim won nothing, if the row itself does not remember the event. `early`: the row does not exist
 * yet, or is still held. `memberMismatch`: no claim can ever win it.
 */
export type Unclaimable = 'early' | 'memberMismatch';

/** Among events whose claim won nothing, those that no row remembers, by `namedBillKeyOf`. */
export async function findUnclaimableEvents(
  database: Database,
  events: readonly NamedBill[],
): Promise<Map<string, Unclaimable>> {
  const rows = await database.query<[BillId, MemberId, Unclaimable]>(findUnclaimable, [
    plainArray(events.map((event) => event.billId)),
    plainArray(events.map((event) => event.memberId)),
  ]);
  return new Map(rows.map(([billId, memberId, why]) => [namedBillKeyOf({ billId, memberId }), why]));
}
