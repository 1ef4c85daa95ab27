import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';

/** Identifies a message of a run: with the run's number, these are the parts of its key. */
export interface TestSendName {
  readonly keySuffix: string;
  readonly billId: BillId;
  readonly channel: Channel;
}

/** Who sends messages of a run. */
export interface TestSender {
  /** The run's number. */
  readonly run: number;
  /** Identifies this process and this time of sending: a UUID. */
  readonly sender: string;
}

const begin = {
  name: 'begin-test-sends',
  text: `
    insert into test_send as t (run, sender, key_suffix, bill_id, channel, provider)
    select $1, $2::uuid, * from unnest($3::text[], $4::bigint[], $5::text[], $6::text[])
    on conflict (run, key_suffix, bill_id, channel) do update
      set outcome = 'SENDING', sender = excluded.sender, provider = excluded.provider, reason = null,
          begun_at = now(), ended_at = null
      where t.outcome = 'NOT_SENT' or (t.outcome = 'SENDING' and t.sender = excluded.sender)
    returning key_suffix, bill_id, channel`,
};

/**
 * Records that these messages are about to be sent.
 * @returns those that may be sent: all but those that were sent before, or perhaps were
 */
export async function beginTestSends(
  database: Database,
  { run, sender }: TestSender,
  messages: readonly (TestSendName & { readonly provider: string })[],
): Promise<TestSendName[]> {
  const rows = await database.query<[string, BillId, Channel]>(begin, [
    run,
    sender,
    messages.map(({ keySuffix }) => keySuffix),
    plainArray(messages.map(({ billId }) => billId)),
    messages.map(({ channel }) => channel),
    messages.map(({ provider }) => provider),
  ]);
  return rows.map(([keySuffix, billId, channel]) => ({ keySuffix, billId, channel }));
}

export const testSendOutcomes = ['ACCEPTED', 'REFUSED', 'NOT_SENT', 'UNKNOWN'] as const;
export type TestSendOutcome = (typeof testSendOutcomes)[number];

/** The answer to one message. */
export interface EndedTestSend extends TestSendName {
  readonly outcome: TestSendOutcome;
  readonly reason: string | null;
  readonly providerId: string | null;
}

const end = {
  name: 'end-test-sends',
  text: `
    update test_send t
    set outcome = e.outcome, reason = e.reason, provider_id = e.provider_id, ended_at = now()
    from unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
      as e (key_suffix, bill_id, channel, outcome, reason, provider_id)
    where t.run = $1 and t.sender = $2::uuid and t.outcome = 'SENDING'
      and t.key_suffix = e.key_suffix and t.bill_id = e.bill_id and t.channel = e.channel`,
};

/** Records the answers. */
export async function endTestSends(
  database: Database,
  { run, sender }: TestSender,
  ended: readonly EndedTestSend[],
): Promise<void> {
  await database.query(end, [
    run,
    sender,
    ended.map(({ keySuffix }) => keySuffix),
    plainArray(ended.map(({ billId }) => billId)),
    ended.map(({ channel }) => channel),
    ended.map(({ outcome }) => outcome),
    ended.map(({ reason }) => reason),
    ended.map(({ providerId }) => providerId),
  ]);
}

const unknown = {
  name: 'unknown-test-sends',
  text: `
    select count(*)::int from test_send
    where run = $1 and key_suffix = $2 and outcome in ('SENDING', 'UNKNOWN')`,
};

/**
 * Counts messages of which nobody knows whether they were sent. While nobody sends any, those of a crash are
 * included.
 */
export function countUnknownTests(database: Database, run: number, keySuffix: string): Promise<number> {
  return queryCount(database, unknown, [run, keySuffix]);
}

const lastTime = {
  name: 'last-seed-time',
  text: `
    select coalesce(max(split_part(split_part(key_suffix, ':', 3), '-', 1)::int), 0) from test_send
    where run = $1 and key_suffix like 'seed:%'`,
};

/** How often people have sent messages to the seed addresses of a run. */
export async function readLastSeedTime(database: Database, run: number): Promise<number> {
  const [row] = await database.query<[number]>(lastTime, [run]);
  return row?.[0] ?? 0;
}

/** A message to a seed address. */
export interface SeedSend extends Omit<TestSendName, 'keySuffix'> {
  /** 0 before the run, then counted up each time a person asks for it. */
  readonly time: number;
  /** The place of the address in its setting, from 1. */
  readonly address: number;
  readonly provider: string;
  /** SENDING: it is on its way, or nobody knows what became of it. */
  readonly outcome: TestSendOutcome | 'SENDING';
  readonly reason: string | null;
  readonly begunAt: Date;
}

const seedSends = {
  name: 'list-seed-sends',
  text: `
    select place[1]::int, place[2]::int + 1, bill_id, channel, provider, outcome, reason, begun_at
    from test_send, regexp_match(key_suffix, ':([0-9]+)-([0-9]+)$') as place
    where run = $1 and key_suffix like 'seed:%'
    order by begun_at desc, key_suffix, bill_id, channel
    limit $2`,
};

/** The newest first. */
export async function listSeedSends(database: Database, run: number, limit: number): Promise<SeedSend[]> {
  const rows = await database.query<
    [number, number, BillId, Channel, string, SeedSend['outcome'], string | null, Date]
  >(seedSends, [run, limit]);
  return rows.map(([time, address, billId, channel, provider, outcome, reason, begunAt]) => ({
    time,
    address,
    billId,
    channel,
    provider,
    outcome,
    reason,
    begunAt,
  }));
}
