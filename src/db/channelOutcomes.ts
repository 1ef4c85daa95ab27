import type { DispatcherId } from '../bill.ts';
import { type OutcomeCounts, outcomes } from '../policy/brake/outcome.ts';
import type { PaceFacts } from '../policy/brake/paceKeeper.ts';
import type { BrakeKind } from '../policy/brake/verdict.ts';
import type { RouteName } from '../providers/providerShares.ts';
import { addedToHours } from './channelReturns.ts';
import type { Database } from './database.ts';
import { msSince } from './sql.ts';

/** The outcomes of one dispatcher's bills by one route, within about five seconds. */
export interface WrittenOutcomes {
  readonly route: RouteName;
  readonly bucket: number;
  readonly counts: OutcomeCounts;
  readonly pace?: PaceFacts | undefined;
}

const columns = outcomes.join(', ');

/**
 * The counts are absolute, so that the statement may be repeated. What it deletes is added to the channels'
 * hours: it is deleted once, so it is added once.
 */
const write = {
  name: 'write-outcomes',
  text: `
    with old as (
      select ctid from channel_outcome
      where at < now() - interval '2 minutes'
      limit 1000
      for update skip locked
    ), forgotten as (
      delete from channel_outcome where ctid in (select ctid from old)
      returning split_part(channel, '/', 1) as channel, at, accepted
    ), added as (
      ${addedToHours}
    )
    insert into channel_outcome (dispatcher, channel, bucket, ${columns}, pace, pace_cause, pace_since)
    select $1::uuid, o.* from unnest($2::text[], $3::int[],
      ${outcomes.map((_, index) => `$${index + 4}::int[]`).join(', ')},
      $${outcomes.length + 4}::float8[], $${outcomes.length + 5}::text[],
      $${outcomes.length + 6}::timestamptz[]) as o
    on conflict (dispatcher, channel, bucket) do update
    set ${outcomes.map((name) => `${name} = excluded.${name}`).join(', ')},
        pace = excluded.pace, pace_cause = excluded.pace_cause, pace_since = excluded.pace_since`,
};

/** Writes new and changed buckets, and deletes old ones. */
export async function writeOutcomes(
  database: Database,
  dispatcher: DispatcherId,
  written: readonly WrittenOutcomes[],
): Promise<void> {
  await database.query(write, [
    dispatcher,
    written.map(({ route }) => route),
    written.map(({ bucket }) => bucket),
    ...outcomes.map((name) => written.map(({ counts }) => counts[name])),
    written.map(({ pace }) => pace?.perSecond ?? null),
    written.map(({ pace }) => pace?.cause ?? null),
    written.map(({ pace }) => pace?.since ?? null),
  ]);
}

/** What is known in the cluster about one channel, or one of its providers. */
export interface ChannelWord {
  readonly brake: RouteName;
  readonly kind: BrakeKind | null;
  readonly brakedForMs: number;
  readonly isTrialDue: boolean;
  readonly releasedAt: Date | null;
  /** The outcomes of the other dispatchers, in the last minute and since the brake was released. */
  readonly others: OutcomeCounts;
  /** The share of SMS that a person expects of the month published last; null if nobody stated one. */
  readonly expectedSmsShare: number | null;
}

const read = {
  name: 'read-channel-words',
  text: `
    select c.channel, b.kind, coalesce(${msSince('b.since')}, 0),
           coalesce(b.next_trial_at <= now(), false), b.released_at,
           (select sms_share from sms_expectation order by published_at desc limit 1),
           ${outcomes.map((name) => `coalesce(o.${name}, 0)`).join(', ')}
    from unnest($2::text[]) as c (channel)
    left join brake b on b.channel = c.channel
    left join lateral (
      select ${outcomes.map((name) => `sum(${name})::int as ${name}`).join(', ')}
      from channel_outcome
      where channel = c.channel and dispatcher <> $1
        and at > now() - interval '1 minute' and at >= coalesce(b.released_at, '-infinity')
    ) o on true`,
};

type WordColumns = [RouteName, BrakeKind | null, number, boolean, Date | null, number | null, ...number[]];

/** Reads the cluster's counts per brake: cheap enough for each process to ask every second. */
export async function readChannelWords(
  database: Database,
  dispatcher: DispatcherId,
  brakes: readonly RouteName[],
): Promise<ChannelWord[]> {
  const rows = await database.query<WordColumns>(read, [dispatcher, brakes]);
  return rows.map(([brake, kind, brakedForMs, isTrialDue, releasedAt, expectedSmsShare, ...counts]) => ({
    brake,
    kind,
    brakedForMs,
    isTrialDue,
    releasedAt,
    expectedSmsShare,
    others: Object.fromEntries(outcomes.map((name, index) => [name, counts[index] ?? 0])) as OutcomeCounts,
  }));
}

const paces = {
  name: 'select-paces',
  text: `
    select channel, sum(pace)::float8, max(pace_cause), min(pace_since)
    from (
      select distinct on (dispatcher, channel) channel, pace, pace_cause, pace_since
      from channel_outcome
      where at > now() - interval '15 seconds'
      order by dispatcher, channel, bucket desc
    ) latest
    where pace is not null
    group by channel`,
};

/** A route whose provider asks for fewer sends at a time. */
export interface RoutePace {
  readonly route: RouteName;
  readonly since: Date;
  /** The rate of the whole cluster. */
  readonly perSecond: number;
  readonly cause: string;
}

export async function selectPaces(database: Database): Promise<RoutePace[]> {
  const rows = await database.query<[RouteName, number, string, Date]>(paces);
  return rows.map(([route, perSecond, cause, since]) => ({ route, perSecond, cause, since }));
}
