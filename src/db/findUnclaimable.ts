import type { BillId, MemberId } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

const findUnclaimable = {
  name: 'find-unclaimable',
  text: `
    select event.bill_id, event.member_id,
           case when n.bill_id is null then 'BILL_UNKNOWN' else 'EVENT_MEMBER_MISMATCH' end
    from unnest($1::bigint[], $2::bigint[]) as event (bill_id, member_id)
    left join bill_notification n on n.bill_id = event.bill_id
    where n.bill_id is null or n.member_id <> event.member_id`,
};

/** What an event names; two events that name the same are the same. */
export interface NamedBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
}

export const namedBillKeyOf = ({ billId, memberId }: NamedBill): string => `${billId}/${memberId}`;

type Hopeless = 'BILL_UNKNOWN' | 'EVENT_MEMBER_MISMATCH';

/** Of events whose claim won nothing: those that no claim could ever win, by `namedBillKeyOf`, with the reason. */
export const findUnclaimableEvents = async (
  database: Database,
  events: readonly NamedBill[],
): Promise<Map<string, Hopeless>> => {
  const rows = await database.query<[BillId, MemberId, Hopeless]>(findUnclaimable, [
    plainArray(events.map((event) => event.billId)),
    plainArray(events.map((event) => event.memberId)),
  ]);
  return new Map(rows.map(([billId, memberId, reason]) => [namedBillKeyOf({ billId, memberId }), reason]));
};
