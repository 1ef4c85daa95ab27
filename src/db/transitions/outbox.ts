import { type BillId, compareIds, type MemberId, type SendStatus } from '../../bill.ts';
import { type Channel, channelNames } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** What a row owes: the event of its channel while it is PENDING, its dead letter once it is FAILED. */
export interface OwedEvent {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly channel: Channel;
  readonly sendStatus: SendStatus;
  readonly cycle: number;
  readonly attempts: number;
  readonly reason: string | null;
  readonly publishSeq: number;
  readonly notBefore: string;
}

/** The place of a row in the order of what is owed. */
export interface OwedKey {
  /** In PostgreSQL's own notation, so that no precision is lost. */
  readonly notBefore: string;
  readonly billId: string;
}

/** Before and behind all rows. */
export const firstOwedKey: OwedKey = { notBefore: '-infinity', billId: '-9223372036854775808' };
export const lastOwedKey: OwedKey = { notBefore: 'infinity', billId: '9223372036854775807' };

const selectOwed = {
  name: 'select-owed',
  text: `
    select bill_id, member_id, channel, send_status, cycle, attempts, reason, publish_seq, not_before::text
    from bill_notification
    where publish_status = 'PENDING' and not_before <= now()
      and (channel = any($5::text[]) or send_status <> 'PENDING')
      and (not_before, bill_id) > (least($2::timestamptz, now() - $4::float8 * interval '1 ms'), $3::bigint)
    order by not_before, bill_id
    limit $1`,
};

/**
 * Due rows that owe an event, in the order in which they became due. If `CHANNELS` does not name a channel,
 * its events wait, since nobody would read them.
 * @param from.after only rows behind this key; all of them if missing
 * @param from.lateMs rows that became due within this time come too, even before `after`: they may have been
 * committed late
 * @param from.channels the channels that `CHANNELS` names
 */
export async function selectOwedEvents(
  database: Database,
  limit: number,
  {
    after = firstOwedKey,
    lateMs = 0,
    channels = channelNames,
  }: {
    readonly after?: OwedKey;
    readonly lateMs?: number;
    readonly channels?: readonly Channel[];
  } = {},
): Promise<OwedEvent[]> {
  const rows = await database.query<
    [BillId, MemberId, Channel, SendStatus, number, number, string | null, number, string]
  >(selectOwed, [limit, after.notBefore, after.billId, lateMs, plainArray(channels)]);
  return rows.map(
    ([billId, memberId, channel, sendStatus, cycle, attempts, reason, publishSeq, notBefore]) => ({
      billId,
      memberId,
      channel,
      sendStatus,
      cycle,
      attempts,
      reason,
      publishSeq,
      notBefore,
    }),
  );
}

/**
 * Fence 5: PUBLISHED only after the acknowledgement, and only if the row still owes exactly the event that
 * was sent. Otherwise a relay that stalls in between would erase the event of a bill that was refused
 * meanwhile and turned to its next channel.
 */
const markPublished = {
  name: 'mark-published',
  text: `
    update bill_notification n
    set publish_status = 'PUBLISHED', published_at = now()
    from (select * from unnest($1::bigint[], $2::int[]) as sent (bill_id, publish_seq) order by bill_id) sent
    where n.bill_id = sent.bill_id and n.publish_seq = sent.publish_seq and n.publish_status = 'PENDING'
    returning n.bill_id`,
};

/** Marks acknowledged events; returns how many rows still owed exactly that event. */
export async function markEventsPublished(database: Database, sent: readonly OwedEvent[]): Promise<number> {
  const ascending = sent.toSorted((left, right) => compareIds(left.billId, right.billId));
  const rows = await database.query(markPublished, [
    plainArray(ascending.map((event) => event.billId)),
    plainArray(ascending.map((event) => event.publishSeq)),
  ]);
  return rows.length;
}
