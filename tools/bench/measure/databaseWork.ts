import type { Database } from '../../../src/db/database.ts';

/** What PostgreSQL counted for the run's database. */
export interface DatabaseWork {
  /** Undefined if the server has no pg_stat_statements. */
  readonly statements: number | undefined;
  readonly walBytes: number;
  /** Updates of `bill_notification`, and how many of them were heap-only. */
  readonly updates: number;
  readonly hotUpdates: number;
}

/** Counts from now on. `end` may be called once. */
export async function watchDatabaseWork(database: Database): Promise<{ end(): Promise<DatabaseWork> }> {
  const hasStatements = await enableStatements(database);
  const before = await readWork(database, hasStatements);
  return {
    async end() {
      const after = await readWork(database, hasStatements);
      return {
        statements: hasStatements ? after.statements - before.statements : undefined,
        walBytes: after.walBytes - before.walBytes,
        updates: after.updates - before.updates,
        hotUpdates: after.hotUpdates - before.hotUpdates,
      };
    },
  };
}

async function enableStatements(database: Database): Promise<boolean> {
  try {
    await database.query({
      name: 'enable-statements',
      text: 'create extension if not exists pg_stat_statements',
    });
    await database.query({ name: 'try-statements', text: 'select 1 from pg_stat_statements limit 1' });
    return true;
  } catch {
    return false;
  }
}

async function readWork(database: Database, hasStatements: boolean) {
  const calls = `(select coalesce(sum(calls), 0) from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()))`;
  const [row] = await database.query<[number, number, number, number]>({
    name: 'read-work',
    text: `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, n_tup_upd::float8, n_tup_hot_upd::float8,
      ${hasStatements ? calls : '0'}::float8
      from pg_stat_user_tables where relname = 'bill_notification'`,
  });
  if (row === undefined) throw new Error('the database of the run has no bill_notification');
  const [walBytes, updates, hotUpdates, statements] = row;
  return { walBytes, updates, hotUpdates, statements };
}
