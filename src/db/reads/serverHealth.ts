import type { Database } from '../database.ts';

/** The properties of a PostgreSQL server on which billcast's promises rest, as our own session sees them. */
export interface ServerHealth {
  readonly version: string;
  /** A replica that is read-only. */
  readonly inRecovery: boolean;
  readonly synchronousCommit: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  /** Empty if commits wait for no standby. */
  readonly synchronousStandbyNames: string;
  /** How many standbys stream from it now. */
  readonly standbys: number;
  /** Whether the connection to it is encrypted; behind a pooler, the pooler's connection. */
  readonly isEncrypted: boolean;
  /** Whether the connection stays on this machine. */
  readonly isLocal: boolean;
  readonly isPooled: boolean;
  /** How many ms the server's clock is ahead of ours, exact to the duration of the query. */
  readonly clockAheadMs: number;
}

const health = {
  name: 'server-health',
  text: `
    select current_setting('server_version'), pg_is_in_recovery(), current_setting('synchronous_commit'),
           current_setting('fsync'), current_setting('full_page_writes'),
           current_setting('synchronous_standby_names'),
           (select count(*)::int from pg_stat_replication), clock_timestamp(),
           coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false),
           coalesce(inet_client_addr() = inet_server_addr() or inet_client_addr() << '127.0.0.0/8', true)`,
};

type HealthColumns = [...Settings, standbys: number, clock: Date, isEncrypted: boolean, isLocal: boolean];
type Settings = [string, boolean, string, string, string, string];

export async function readServerHealth(database: Database): Promise<ServerHealth> {
  // The first query also connects, so only the time of the second one says something about the clock.
  await database.query(health);
  const askedMs = Date.now();
  const [row] = await database.query<HealthColumns>(health);
  if (row === undefined) throw new RangeError('no answer to a question about the server');
  const [version, inRecovery, synchronousCommit, fsync, fullPageWrites, standbyNames, ...others] = row;
  const [standbys, clock, isEncrypted, isLocal] = others;
  const clockAheadMs = clock.getTime() - (askedMs + Date.now()) / 2;
  return {
    version,
    inRecovery,
    synchronousCommit,
    fsync,
    fullPageWrites,
    standbys,
    clockAheadMs,
    synchronousStandbyNames: standbyNames,
    isEncrypted,
    isLocal,
    isPooled: database.isPooled(),
  };
}
