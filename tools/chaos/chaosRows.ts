/*
 * All SQL of the chaos runs. It shares none with src/db on purpose: a checker that used the product's
 * statements would repeat their faults. It also needs what the product must not have: fixed rows, killed
 * sessions, a trigger.
 */

import type { BillId } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import type { Database } from '../../src/db/database.ts';
import type { BillRow, Publication } from './topicChecker.ts';

const openTokens = {
  name: 'chaos-open-claims',
  text: `
    select distinct claim_token::text from bill_notification
    where send_status in ('SENDING', 'SENT') or send_status = 'IN_DOUBT' and channel <> all ($1::text[])`,
};

/** The tokens that hold bills now. A doubt that is final holds none. */
export async function selectOpenClaims(
  database: Database,
  finalDoubts: ReadonlySet<Channel>,
): Promise<string[]> {
  return (await database.query<[string]>(openTokens, [[...finalDoubts]])).map(([token]) => token);
}

const openDoubts = {
  name: 'chaos-open-doubts',
  text: `
    select count(*)::int from bill_notification
    where send_status = 'IN_DOUBT' and channel <> all ($1::text[])`,
};

/** Bills in doubt that somebody may still settle. */
export async function countOpenDoubts(
  database: Database,
  finalDoubts: ReadonlySet<Channel>,
): Promise<number> {
  const [row] = await database.query<[number]>(openDoubts, [[...finalDoubts]]);
  return row?.[0] ?? 0;
}

const relayHolder = {
  name: 'chaos-relay-holder',
  text: `select d.name from lease l join dispatcher d on d.id = l.owner where l.name = 'relay'`,
};

/** The pid of the dispatcher that relays; undefined if none does. */
export async function selectRelayPid(database: Database): Promise<number | undefined> {
  const [row] = await database.query<[string]>(relayHolder);
  const pid = Number(row?.[0].split(':').at(-1));
  return Number.isInteger(pid) ? pid : undefined;
}

const cut = {
  name: 'chaos-cut-connections',
  text: `
    select count(pg_terminate_backend(pid))::int from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`,
};

/** Ends every other session, as a fail-over does. @returns how many */
export async function cutConnections(database: Database): Promise<number> {
  const [row] = await database.query<[number]>(cut);
  return row?.[0] ?? 0;
}

const cancel = {
  name: 'chaos-cancel-statements',
  text: `
    select count(pg_cancel_backend(pid))::int from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
};

/** Cancels all running statements. @returns how many */
export async function cancelStatements(database: Database): Promise<number> {
  const [row] = await database.query<[number]>(cancel);
  return row?.[0] ?? 0;
}

const anyBills = {
  name: 'chaos-any-bills',
  text: `
    select bill_id, member_id from bill_notification
    where bill_id >= (select min(bill_id) + floor($1::float8 * count(*)) from bill_notification)
    order by bill_id limit $2`,
};

/** Consecutive bills that start at a share (0 to 1) of all bills. */
export function pickBills(
  database: Database,
  { from, limit }: { from: number; limit: number },
): Promise<[billId: string, memberId: string][]> {
  return database.query(anyBills, [from, limit]);
}

const deliveredBefore = {
  name: 'chaos-delivered-before',
  text: `
    select bill_id, channel, cycle from bill_notification
    where bill_id >= (select min(bill_id) + floor($1::float8 * count(*)) from bill_notification)
      and send_status = 'DELIVERED' and channel <> $3
    order by bill_id limit $2`,
};

/** Bills that a channel before the last one has delivered, starting at a share (0 to 1) of all bills. */
export async function selectDeliveredBefore(
  database: Database,
  last: Channel,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<{ readonly billId: BillId; readonly channel: Channel; readonly cycle: number }[]> {
  const rows = await database.query<[BillId, Channel, number]>(deliveredBefore, [from, limit, last]);
  return rows.map(([billId, channel, cycle]) => ({ billId, channel, cycle }));
}

const noQuietHours = {
  name: 'chaos-no-quiet-hours',
  text: `update member set do_not_disturb_start = null where do_not_disturb_start is not null`,
};

/** Makes the run independent of the time of day. */
export async function forgetQuietHours(database: Database): Promise<void> {
  await database.query(noQuietHours);
}

const finalRows = {
  name: 'chaos-final-rows',
  text: `
    select bill_id, member_id, send_status, channel, cycle, retransmit_at is not null
    from bill_notification order by bill_id`,
};

export async function selectFinalRows(database: Database): Promise<BillRow[]> {
  const rows = await database.query<[string, string, string, string, number, boolean]>(finalRows);
  return rows.map(([billId, memberId, status, channel, cycle, comesAgain]) => ({
    billId,
    memberId,
    status,
    channel,
    cycle,
    comesAgain,
  }));
}

const bounces = {
  name: 'chaos-bounces',
  text: `select bill_id, channel, cycle from delivery_attempt where outcome = 'BOUNCED' and applied`,
};

/** The keys of attempts with a recorded bounce. */
export async function selectBounces(database: Database): Promise<Set<string>> {
  const rows = await database.query<[string, string, number]>(bounces);
  return new Set(rows.map(([billId, channel, cycle]) => `${billId}:${channel}:${cycle}`));
}

const openReceipts = {
  name: 'chaos-open-receipts',
  text: 'select count(*)::int from bill_receipt where verdict is null',
};

/** Receipts whose meaning for their bill is open. */
export async function countOpenReceipts(database: Database): Promise<number> {
  const [row] = await database.query<[number]>(openReceipts);
  return row?.[0] ?? 0;
}

/**
 * Notes only PENDING and FAILED rows: only those have certainly been published when they are marked. Any
 * other row was claimed by an event from elsewhere, maybe before its own event was sent.
 */
const publicationNotes = [
  'create table chaos_publication (bill_id bigint, send_status text, channel text, cycle integer)',
  `create function chaos_note_publication() returns trigger language plpgsql as $$
   begin
     insert into chaos_publication values (new.bill_id, new.send_status, new.channel, new.cycle);
     return null;
   end $$`,
  `create trigger chaos_publication after update of publish_status on bill_notification for each row
   when (old.publish_status = 'PENDING' and new.publish_status = 'PUBLISHED'
         and new.send_status in ('PENDING', 'FAILED'))
   execute function chaos_note_publication()`,
];

/** From now on a trigger notes each row that is marked as published. */
export async function notePublications(database: Database): Promise<void> {
  for (const [index, text] of publicationNotes.entries()) {
    await database.query({ name: `chaos-note-publications-${index}`, text });
  }
}

const publications = {
  name: 'chaos-publications',
  text: `
    select bill_id::text, case when send_status = 'FAILED' then 'DEAD LETTER' else channel end,
           cycle, count(*)::int
    from chaos_publication group by 1, 2, 3`,
};

export async function selectPublications(database: Database): Promise<Publication[]> {
  const rows = await database.query<[string, Publication['kind'], number, number]>(publications);
  return rows.map(([billId, kind, cycle, times]) => ({ billId, kind, cycle, times }));
}
