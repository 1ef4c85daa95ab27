import type { Channel } from '../channels.ts';
import type { Database } from './database.ts';

const thisHour = `date_bin('1 hour', now(), timestamptz 'epoch')`;

/**
 * Adds the deleted rows, `forgotten`, to the hours of their channels. Deletes hours that are too old for any
 * receipt.
 */
export const addedToHours = `
      insert into channel_hour (hour, channel, accepted)
      select date_bin('1 hour', at, timestamptz 'epoch'), channel, sum(accepted) from forgotten
      where accepted > 0
      group by 1, 2
      order by 1, 2
      on conflict (hour, channel) do update set accepted = channel_hour.accepted + excluded.accepted
    ), past as (
      delete from channel_hour where hour < now() - interval '90 days'`;

/**
 * Counts the bills of `moved`, which go on by the next channel after a receipt, in the statement that moves
 * them.
 */
export const countedReturns = `returned as (
      insert into channel_hour (hour, channel, came_back, came_back_at)
      select ${thisHour}, said_channel, count(*), now() from moved
      group by said_channel
      order by said_channel
      on conflict (hour, channel) do update
      set came_back = excluded.came_back + case
            when channel_hour.came_back_at > coalesce(
              (select released_at from brake where channel = excluded.channel), '-infinity')
            then channel_hour.came_back else 0 end,
          came_back_at = now()
    )`;

/** The results of a channel over the time in which receipts may still come. */
export interface ChannelReturns {
  /** Whether a brake is on that waits for a person. */
  readonly isHeld: boolean;
  readonly accepted: number;
  /** How many of these came back and went on by the next channel since the brake was released. */
  readonly cameBack: number;
  /** The share of SMS that a person expects of the month published last; null if nobody stated one. */
  readonly expectedSmsShare: number | null;
}

const read = {
  name: 'read-channel-returns',
  text: `
    select coalesce(b.kind in ('refusals', 'smsTurns'), false),
           (coalesce(sum(h.accepted), 0) + (
             select coalesce(sum(o.accepted), 0) from channel_outcome o
             where split_part(o.channel, '/', 1) = $1))::float8,
           coalesce(sum(h.came_back) filter (
             where h.came_back_at > coalesce(b.released_at, '-infinity')), 0)::float8,
           (select sms_share from sms_expectation order by published_at desc limit 1)
    from (select $1::text as channel) c
      left join brake b using (channel)
      left join channel_hour h
        on h.channel = c.channel and h.hour > now() - interval '1 hour' - $2::float8 * interval '1 ms'
    group by b.kind, b.released_at`,
};

/** @param withinMs how long after the hand-off a negative receipt may move a delivery */
export async function readChannelReturns(
  database: Database,
  { channel, withinMs }: { readonly channel: Channel; readonly withinMs: number },
): Promise<ChannelReturns> {
  const [row] = await database.query<[boolean, number, number, number | null]>(read, [channel, withinMs]);
  if (row === undefined) throw new RangeError(`nothing was read about ${channel}`);
  const [isHeld, accepted, cameBack, expectedSmsShare] = row;
  return { isHeld, accepted, cameBack, expectedSmsShare };
}
