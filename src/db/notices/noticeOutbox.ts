import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';

/** Something of which people are notified. */
export interface Notice {
  /** Identifies its event, so that there is one notice of it. */
  readonly key: string;
  readonly kind: string;
  /** The run or the channel that it is about. */
  readonly subject: string;
  readonly at: Date;
  readonly title: string;
  /** What happened, in numbers, and what to do; a sentence or two per line. */
  readonly lines: readonly string[];
  /** The path of its page in the dashboard. */
  readonly path: string;
}

/** The kinds of targets. */
export type TargetName = 'MAIL' | 'CHAT';

const add = {
  name: 'add-notices',
  text: `
    insert into notice (key, target, kind, subject, at, title, lines, path)
    select n.key, t.target, n.kind, n.subject, n.at, n.title,
           array(select jsonb_array_elements_text(n.lines)), n.path
    from jsonb_to_recordset($1::jsonb)
           as n(key text, kind text, subject text, at timestamptz, title text, lines jsonb, path text),
         unnest($2::text[]) as t(target)
    on conflict (key, target) do nothing`,
};

/** Stores a notice per target. If it exists already, it stays as it is. */
export async function addNotices(
  database: Database,
  notices: readonly Notice[],
  targets: readonly TargetName[],
): Promise<void> {
  if (notices.length > 0) await database.query(add, [JSON.stringify(notices), targets]);
}

/** A notice that is being sent. */
export interface TakenNotice extends Pick<Notice, 'at' | 'title' | 'lines' | 'path'> {
  readonly id: string;
}

const isWaiting = 'sent_at is null and given_up_at is null';

const take = {
  name: 'take-notices',
  text: `
    with due as (
      select kind, subject, max(attempts) as attempts from notice n
      where target = $1 and ${isWaiting}
        and not exists (
          select from notice s
          where s.target = $1 and s.kind = n.kind and s.subject = n.subject
            and s.sent_at > now() - $2::float8 * interval '1 ms')
      group by kind, subject
      having max(next_at) <= now()
      order by min(id)
      limit 1
    ), chosen as (
      select n.id, due.attempts from notice n join due using (kind, subject)
      where n.target = $1 and ${isWaiting}
      order by n.id
      for update of n skip locked
    )
    update notice n
    set attempts = chosen.attempts + 1,
        next_at = now() + least($3::float8 * 2 ^ least(chosen.attempts, 20), $4::float8) * interval '1 ms'
    from chosen
    where n.id = chosen.id and n.next_at <= now() and n.sent_at is null and n.given_up_at is null
    returning n.id::text, n.at, n.title, n.lines, n.path`,
};

export interface NoticePace {
  /** Within this time, a target gets one message of a kind about a subject. */
  readonly quietMs: number;
  /**
   * The wait before the second try. Each further wait is twice as long. It is longer than a send may take.
   */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/**
 * Takes all due notices of one kind about one subject: they become one message. Nobody else gets them before
 * the next try is due. @returns the notices, oldest first
 */
export async function takeNotices(
  database: Database,
  target: TargetName,
  { quietMs, firstWaitMs, longestWaitMs }: NoticePace,
): Promise<TakenNotice[]> {
  const rows = await database.query<[string, Date, string, string[], string]>(take, [
    target,
    quietMs,
    firstWaitMs,
    longestWaitMs,
  ]);
  return rows
    .map(([id, at, title, lines, path]) => ({ id, at, title, lines, path }))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

const end = {
  name: 'end-notices',
  text: `
    update notice set sent_at = case when $2 then now() end, problem = $3
    where id = any($1::bigint[]) and sent_at is null`,
};

/** Records the result of a try; `problem` says what went wrong, even if only in part. */
export async function endNotices(
  database: Database,
  ids: readonly string[],
  { isSent, problem }: { readonly isSent: boolean; readonly problem: string | null },
): Promise<void> {
  await database.query(end, [plainArray(ids), isSent, problem]);
}

const giveUp = {
  name: 'give-up-notices',
  text: `
    update notice set given_up_at = now()
    where ${isWaiting} and attempts > 0 and at < now() - $1::float8 * interval '1 ms'
    returning target`,
};

/** Gives up notices that are too old to be useful. @returns the target of each */
export async function giveUpNotices(database: Database, afterMs: number): Promise<TargetName[]> {
  return (await database.query<[TargetName]>(giveUp, [afterMs])).flat();
}

const purge = {
  name: 'purge-notices',
  text: `
    with gone as (delete from notice where at < now() - $1::float8 * interval '1 day' returning 1)
    select count(*)::int from gone`,
};

/** @returns how many were deleted */
export function purgeNotices(database: Database, days: number): Promise<number> {
  return queryCount(database, purge, [days]);
}
