import type { Database } from './database.ts';
import { msSince, queryCount } from './sql.ts';

/** How far a provider's list has been read. */
export interface PollCursor {
  /** Everything that changed before this time is read. */
  readonly readUntil: Date;
  /** The present time by the same clock. */
  readonly now: Date;
}

const open = {
  name: 'open-receipt-poll',
  text: `
    insert into receipt_poll (provider, poll, read_until)
    values ($1, $2, clock_timestamp() - $3::float8 * interval '1 ms')
    on conflict (provider, poll) do update set provider = excluded.provider
    returning read_until, clock_timestamp()`,
};

/** @param startMs how far back a list is read for the first time */
export async function openPollCursor(
  database: Database,
  { provider, poll }: PollName,
  startMs: number,
): Promise<PollCursor> {
  const [row] = await database.query<[Date, Date]>(open, [provider, poll, startMs]);
  if (row === undefined) throw new RangeError(`no cursor of ${provider} ${poll}`);
  return { readUntil: row[0], now: row[1] };
}

export interface PollName {
  readonly provider: string;
  readonly poll: string;
}

const move = {
  name: 'move-receipt-poll',
  text: `
    update receipt_poll
    set read_until = greatest(read_until, $3), polled_at = clock_timestamp(), fault = null, failed_since = null
    where provider = $1 and poll = $2`,
};

/** It never moves back. Reading twice is harmless, but skipping loses receipts. */
export async function movePollCursor(
  database: Database,
  { provider, poll }: PollName,
  readUntil: Date,
): Promise<void> {
  await database.query(move, [provider, poll, readUntil.toISOString()]);
}

const fail = {
  name: 'fail-receipt-poll',
  text: `
    update receipt_poll set fault = $3, failed_since = coalesce(failed_since, clock_timestamp())
    where provider = $1 and poll = $2`,
};

/** @param fault the error of the request, without anything personal */
export async function failPoll(
  database: Database,
  { provider, poll }: PollName,
  fault: string,
): Promise<void> {
  await database.query(fail, [provider, poll, fault]);
}

/** A list in the form for people. */
export interface PollStanding extends PollName {
  readonly readUntil: Date;
  readonly behindMs: number;
  /** Null if it has never answered. */
  readonly polledAt: Date | null;
  readonly fault: string | null;
  readonly failedSince: Date | null;
}

const standings = {
  name: 'receipt-poll-standings',
  text: `
    select provider, poll, read_until, ${msSince('read_until')}, polled_at,
           fault, failed_since
    from receipt_poll
    order by provider, poll`,
};

type StandingColumns = [string, string, Date, number, Date | null, string | null, Date | null];

export async function selectPollStandings(database: Database): Promise<PollStanding[]> {
  const rows = await database.query<StandingColumns>(standings);
  return rows.map(([provider, poll, readUntil, behindMs, polledAt, fault, failedSince]) => ({
    provider,
    poll,
    readUntil,
    behindMs,
    polledAt,
    fault,
    failedSince,
  }));
}

const index = {
  name: 'provider-id-index',
  text: `
    select count(*)::int
    from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = 'delivery_attempt'::regclass and a.attname = 'provider_id' and i.indisvalid`,
};

/**
 * Whether there is an index on the provider's id: receipts with only that id then find their attempts without
 * reading the journal.
 */
export async function hasIndexOnProviderId(database: Database): Promise<boolean> {
  return (await queryCount(database, index, [])) > 0;
}
