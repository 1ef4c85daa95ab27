import type { Database } from '../../../src/db/database.ts';
import { enableStatementCounts, readWorkCounts } from '../benchRows.ts';

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
  const hasStatements = await enableStatementCounts(database);
  const before = await readWorkCounts(database, hasStatements);
  return {
    async end() {
      const after = await readWorkCounts(database, hasStatements);
      return {
        statements: hasStatements ? after.statements - before.statements : undefined,
        walBytes: after.walBytes - before.walBytes,
        updates: after.updates - before.updates,
        hotUpdates: after.hotUpdates - before.hotUpdates,
      };
    },
  };
}
