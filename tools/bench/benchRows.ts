/*
 * All SQL of the benchmark but the floor's (floor/floorStatements.ts). It shares none with src/db: it
 * measures what the product's statements do, so it must not change with them. It also reads PostgreSQL's own
 * counters.
 */

import type { Connection, Database } from '../../src/db/database.ts';

const release = {
  name: 'bench-release-by-id',
  text: `
    update bill_notification
    set publish_status = 'PENDING', publish_seq = publish_seq + 1, changed_at = now()
    where bill_id = any($1::bigint[]) and publish_status = 'HELD' and send_status = 'PENDING'
    returning bill_id`,
};

/** Releases these bills if they are held. @returns how many were */
export async function releaseById(database: Database, billIds: readonly string[]): Promise<number> {
  return (await database.query(release, [billIds])).length;
}

const owed = {
  name: 'bench-anything-owed',
  text: `select 1 from bill_notification where publish_status = 'PENDING' limit 1`,
};

/** Whether the outbox still holds anything. */
export async function isAnythingOwed(database: Database): Promise<boolean> {
  return (await database.query(owed)).length > 0;
}

const unsettled = {
  name: 'bench-any-unsettled',
  text: `
    select 1 from bill_notification
    where bill_id <= $1 and send_status not in ('DELIVERED', 'FAILED') limit 1`,
};

/** Whether all bills are settled. It is called repeatedly, so it stops at the first bill that is not. */
export async function allSettled(database: Database, lastBillId: number): Promise<boolean> {
  return (await database.query(unsettled, [lastBillId])).length === 0;
}

const handOffs = {
  name: 'bench-hand-offs',
  text: `
    select bill_id::float8, extract(epoch from handed_off_at)::float8 * 1000 from bill_notification
    where bill_id between $1 and $2 and channel = 'EMAIL' and handed_off_at is not null`,
};

/** Ids and times (ms since 1970), of e-mails only: a turn to SMS overwrites the time. */
export function readHandOffs(database: Database, first: number, last: number): Promise<[number, number][]> {
  return database.query<[number, number]>(handOffs, [first, last]);
}

const version = { name: 'bench-version', text: `select current_setting('server_version')` };

export async function readServerVersion(database: Database): Promise<string> {
  const [row] = await database.query<[string]>(version);
  return row?.[0] ?? 'unknown';
}

const addBills = `
  insert into bill
  select id, id / 12, date '2025-01-01' + make_interval(months => (id % 12)::int),
         55000, 5000, 0, 3000, 52000, 50000, 5000, date '2025-02-25', timestamptz '2025-02-01',
         'owner', 'card', 'number'
  from generate_series($1::bigint, $2::bigint) id`;

const addNotifications = `
  insert into bill_notification
    (bill_id, member_id, send_status, publish_status, publish_seq, attempts, claim_token,
     changed_at, published_at, handed_off_at)
  select id, id / 12, 'DELIVERED', 'PUBLISHED', 1, 1, gen_random_uuid(), t, t, t
  from generate_series($1::bigint, $2::bigint) id, (values (timestamptz '2025-02-02')) past (t)`;

/** Adds delivered bills with ids from `first` to `last`. */
export async function addDeliveredBills(connection: Connection, first: number, last: number): Promise<void> {
  await connection.run(addBills, [first, last]);
  await connection.run(addNotifications, [first, last]);
}

/** PostgreSQL's own counters, from the start of the server. */
export interface WorkCounts {
  readonly walBytes: number;
  /** Updates of `bill_notification`, and how many of them were heap-only. */
  readonly updates: number;
  readonly hotUpdates: number;
  /** 0 without pg_stat_statements. */
  readonly statements: number;
}

/** @returns whether the server has pg_stat_statements, which is made ready to read */
export async function enableStatementCounts(database: Database): Promise<boolean> {
  try {
    await database.query({
      name: 'bench-enable-statements',
      text: 'create extension if not exists pg_stat_statements',
    });
    await database.query({ name: 'bench-try-statements', text: 'select 1 from pg_stat_statements limit 1' });
    return true;
  } catch {
    return false;
  }
}

export async function readWorkCounts(database: Database, hasStatements: boolean): Promise<WorkCounts> {
  const calls = `(select coalesce(sum(calls), 0) from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()))`;
  const [row] = await database.query<[number, number, number, number]>({
    name: 'bench-read-work',
    text: `
      select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, n_tup_upd::float8, n_tup_hot_upd::float8,
             ${hasStatements ? calls : '0'}::float8
      from pg_stat_user_tables where relname = 'bill_notification'`,
  });
  if (row === undefined) throw new Error('the database of the run has no bill_notification');
  const [walBytes, updates, hotUpdates, statements] = row;
  return { walBytes, updates, hotUpdates, statements };
}

/** How the bills of a run were settled, as one JSON object. */
export const settledStatement = {
  name: 'bench-read-settled',
  text: `
  with settled as (
    select n.*, row_number() over (order by changed_at) as place, count(*) over () as total
    from bill_notification n where bill_id <= $1 and send_status in ('DELIVERED', 'FAILED')
  ), straight as (
    select * from settled where channel = 'EMAIL' and send_status = 'DELIVERED'
  ), steady as (
    select count(*) - 1 as bills, extract(epoch from min(changed_at)) as since,
           extract(epoch from max(changed_at)) as until
    from settled where place between total * 0.1 and total * 0.9
  ), whole as (
    select count(*) as bills,
           extract(epoch from max(changed_at) - coalesce(min(published_at), min(handed_off_at))) as seconds
    from settled
  )
  select json_build_object(
    'bills', whole.bills,
    'failed', (select count(*) from settled where send_status = 'FAILED'),
    'bySms', (select count(*) from settled where send_status = 'DELIVERED' and channel = 'SMS'),
    'steadyBillsPerSecond', steady.bills / nullif(until - since, 0),
    'steadyMs', json_build_array(since * 1000, until * 1000),
    'wholeBillsPerSecond', whole.bills / nullif(whole.seconds, 0),
    'eventToHandOff', ${latency('published_at', 'handed_off_at')},
    'eventToSettled', ${latency('published_at', 'changed_at')},
    'handOffToSettled', ${latency('handed_off_at', 'changed_at')})
  from steady, whole`,
};

/** A latency of bills delivered by e-mail. Others are left out: a turn to SMS is published a second time. */
function latency(from: string, to: string): string {
  return `(
  select json_build_object('p50', q[1], 'p99', q[2], 'max', q[3]) from (
    select percentile_cont(array[0.5, 0.99, 1])
      within group (order by extract(epoch from ${to} - ${from}) * 1000) q
    from straight where ${from} is not null) quantile where q is not null)`;
}
