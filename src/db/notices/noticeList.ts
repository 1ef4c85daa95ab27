import type { Database } from '../database.ts';
import type { TargetName } from './noticeOutbox.ts';

/** A notice, and whether it was sent. */
export interface ListedNotice {
  readonly at: Date;
  readonly target: TargetName;
  readonly title: string;
  readonly state: 'waiting' | 'sent' | 'givenUp';
  readonly attempts: number;
  /** What went wrong at the last try. */
  readonly problem: string | null;
}

const list = {
  name: 'list-notices',
  text: `
    select at, target, title,
           case when sent_at is not null then 'sent' when given_up_at is not null then 'givenUp' else 'waiting' end,
           attempts, problem
    from notice
    order by id desc
    limit $1`,
};

/** Newest first. */
export async function listNotices(database: Database, limit: number): Promise<ListedNotice[]> {
  const rows = await database.query<[Date, TargetName, string, ListedNotice['state'], number, string | null]>(
    list,
    [limit],
  );
  return rows.map(([at, target, title, state, attempts, problem]) => ({
    at,
    target,
    title,
    state,
    attempts,
    problem,
  }));
}

/** Notices to one target that were tried and not sent. */
export interface NoticeTrouble {
  readonly target: TargetName;
  readonly waiting: number;
  readonly problem: string;
}

const trouble = {
  name: 'notice-trouble',
  text: `
    select target, count(*)::int, coalesce(max(problem), '')
    from notice
    where sent_at is null and given_up_at is null and problem is not null
    group by target
    order by target`,
};

export async function readNoticeTrouble(database: Database): Promise<NoticeTrouble[]> {
  const rows = await database.query<[TargetName, number, string]>(trouble);
  return rows.map(([target, waiting, problem]) => ({ target, waiting, problem }));
}
