import type { BillId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { AskedMessage } from '../providers/receiptPoll.ts';
import type { Database } from './database.ts';
import type { PollName } from './receiptPolls.ts';
import { beforeAllBills } from './sql.ts';

/** One walk over all bills, which asks what became due since the one before. */
export interface MessagePass {
  readonly dueAfter: Date;
  readonly dueUntil: Date;
  /** The bill that it came to. */
  readonly lastBillId: BillId;
}

const open = {
  name: 'open-message-pass',
  text: `
    insert into receipt_poll as poll (provider, poll, read_until, pass_until)
    values ($1, $2, clock_timestamp() - $3::float8 * interval '1 ms', clock_timestamp())
    on conflict (provider, poll) do update
    set pass_until = coalesce(poll.pass_until,
          case when poll.read_until <= clock_timestamp() - $4::float8 * interval '1 ms' then clock_timestamp() end)
    returning read_until, pass_until, coalesce(last_bill_id, '${beforeAllBills}'::bigint)`,
};

/**
 * The pass that goes on, or a new one.
 * @param startMs how far back the first one begins
 * @returns undefined if the last one began less than `everyMs` ago
 */
export async function openMessagePass(
  database: Database,
  { provider, poll }: PollName,
  { startMs, everyMs }: { readonly startMs: number; readonly everyMs: number },
): Promise<MessagePass | undefined> {
  const [row] = await database.query<[Date, Date | null, BillId]>(open, [provider, poll, startMs, everyMs]);
  if (row === undefined) throw new RangeError(`no pass of ${provider} ${poll}`);
  const [dueAfter, dueUntil, lastBillId] = row;
  return dueUntil === null ? undefined : { dueAfter, dueUntil, lastBillId };
}

/**
 * Walks by the key, since an index on the state would cost every bill. A message is due at certain ages, and
 * each of these falls into exactly one pass. If it has a receipt other than `relayed`, it is not asked about.
 */
const due = {
  name: 'due-messages',
  text: `
    with seen as materialized (
      select bill_id, cycle, channel, send_status, claim_token, provider, handed_off_at
      from bill_notification
      where bill_id > $1
      order by bill_id
      limit $2
    ), due as (
      select s.bill_id, s.cycle, s.channel, a.provider_id
      from seen s
        join delivery_attempt a
          on a.bill_id = s.bill_id and a.claim_token = s.claim_token and a.outcome = 'ACCEPTED'
      where s.send_status = 'DELIVERED' and s.provider = $3 and s.channel = any($4) and a.provider_id is not null
        and exists (
          select 1 from unnest($5::float8[]) as age (ms)
          where s.handed_off_at + age.ms * interval '1 ms' > $6
            and s.handed_off_at + age.ms * interval '1 ms' <= $7)
        and not exists (
          select 1 from bill_receipt r
          where r.bill_id = s.bill_id and r.cycle = s.cycle and r.channel = s.channel and r.kind <> 'relayed')
      order by s.bill_id
      limit $8
    )
    select walked.rows, walked.last_bill_id, due.bill_id, due.cycle, due.channel, due.provider_id
    from (select count(*)::int as rows, max(bill_id) as last_bill_id from seen) as walked
      left join due on true
    order by due.bill_id`,
};

type DueColumns = [number, BillId | null, BillId | null, number, Channel, string];

export interface DueWindow extends PollName {
  readonly pass: MessagePass;
  readonly channels: readonly Channel[];
  /** At which a message is due, after its hand-off. */
  readonly agesMs: readonly number[];
  /** Rows that are looked at. */
  readonly window: number;
  /** Messages. */
  readonly most: number;
}

export interface DueMessages {
  /** In the order of their bills. */
  readonly messages: readonly AskedMessage[];
  /** The last bill up to which all that are due are among them. */
  readonly lastBillId: BillId;
  /** No bill follows. */
  readonly atEnd: boolean;
}

export async function selectDueMessages(
  database: Database,
  { provider, pass, channels, agesMs, window, most }: DueWindow,
): Promise<DueMessages> {
  const rows = await database.query<DueColumns>(due, [
    pass.lastBillId,
    window,
    provider,
    channels,
    agesMs,
    pass.dueAfter.toISOString(),
    pass.dueUntil.toISOString(),
    most,
  ]);
  const messages = rows.flatMap(([, , billId, cycle, channel, providerId]) =>
    billId === null ? [] : [{ billId, cycle, channel, providerId }],
  );
  const [walked = 0, lastWalked] = rows[0] ?? [];
  const isWhole = messages.length < most;
  const last = isWhole ? lastWalked : messages.at(-1)?.billId;
  return { messages, lastBillId: last ?? pass.lastBillId, atEnd: isWhole && walked < window };
}

const move = {
  name: 'move-message-pass',
  text: `
    update receipt_poll set last_bill_id = $3, polled_at = clock_timestamp(), fault = null, failed_since = null
    where provider = $1 and poll = $2`,
};

export async function moveMessagePass(
  database: Database,
  { provider, poll }: PollName,
  lastBillId: BillId,
): Promise<void> {
  await database.query(move, [provider, poll, lastBillId]);
}

const end = {
  name: 'end-message-pass',
  text: `
    update receipt_poll
    set read_until = coalesce(pass_until, read_until), pass_until = null, last_bill_id = null,
        polled_at = clock_timestamp(), fault = null, failed_since = null
    where provider = $1 and poll = $2`,
};

/** The next pass begins where this one did. */
export async function endMessagePass(database: Database, { provider, poll }: PollName): Promise<void> {
  await database.query(end, [provider, poll]);
}
