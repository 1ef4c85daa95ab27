import type { Database } from './database.ts';

/** What the promises of billcast rest on in a PostgreSQL server, as our own session sees it. */
export interface ServerHealth {
  readonly version: string;
  /** A replica that is read-only. */
  readonly inRecovery: boolean;
  readonly synchronousCommit: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  /** Empty where no standby is waited for. */
  readonly synchronousStandbyNames: string;
  /** Standbys that stream from it now. */
  readonly standbys: number;
  /** The server's clock before ours, ms, give or take the time of the question. */
  readonly clockAheadMs: number;
}

const health = {
  name: 'server-health',
  text: `
    select current_setting('server_version'), pg_is_in_recovery(), current_setting('synchronous_commit'),
           current_setting('fsync'), current_setting('full_page_writes'),
           current_setting('synchronous_standby_names'),
           (select count(*)::int from pg_stat_replication), clock_timestamp()`,
};

export const readServerHealth = async (database: Database): Promise<ServerHealth> => {
  // The first question connects; only the second one's time says something of the clock.
  await database.query(health);
  const askedMs = Date.now();
  const [row] = await database.query<[string, boolean, string, string, string, string, number, Date]>(health);
  if (row === undefined) throw new RangeError('no answer to a question about the server');
  const [version, inRecovery, synchronousCommit, fsync, fullPageWrites, standbyNames, standbys, clock] = row;
  const clockAheadMs = clock.getTime() - (askedMs + Date.now()) / 2;
  return {
    ...{ version, inRecovery, synchronousCommit, fsync, fullPageWrites, standbys, clockAheadMs },
    synchronousStandbyNames: standbyNames,
  };
};
