import type { BillId, MemberId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/**
 * The claim does not win a held row that came after it, is not due, or is on another channel. The event of
 * such a row must be kept: nothing else would release it.
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

/** What an event names; two events that name the same are the same. */
export interface NamedBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
}

export function namedBillKeyOf({ billId, memberId }: NamedBill): string {
  return `${billId}/${memberId}`;
}

/**
 * Why a claim won nothing, if the row does not remember it. `early`: the row is not there yet, or still held.
 * `memberMismatch`: no claim could ever win it.
 */
export type Unclaimable = 'early' | 'memberMismatch';

/** Of events whose claim won nothing: those that no row remembers, by `namedBillKeyOf`. */
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
