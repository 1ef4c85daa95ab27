import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { createOutage, type Outage } from '../outage.ts';
import { isTransient } from './transient.ts';

/** A statement by a name of its own; the server plans it once for each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One connection held by the caller, for what must run on the same session. */
export interface Connection {
  /** Runs SQL text and returns its rows as arrays of columns. */
  run(text: string, values?: unknown[]): Promise<unknown[][]>;
  /** The driver's own client, for streams such as COPY. */
  readonly client: pg.PoolClient;
}

/**
 * The one way to PostgreSQL. Every statement of billcast guards its own outcome in its WHERE or by a key, so
 * asking again after a lost connection is always safe, also when the first try did commit.
 */
export interface Database {
  /**
   * Runs a statement and returns its rows as arrays of columns (bigint as text). A transient failure (server
   * away, connection cut, deadlock) is tried again with back-off for `patienceMs`; then it is thrown.
   */
  query<Row extends unknown[]>(statement: Statement, values?: unknown[]): Promise<Row[]>;
  /** Lends one connection; no retries. */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Stops retrying, then closes all connections. Can be called twice. */
  close(): Promise<void>;
}

const firstBackOffMs = 50;
const longestBackOffMs = 2_000;

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  log: Logger;
  /** Shared by those who speak of the same server, so that its absence is told once. */
  outage?: Outage;
  /** How long a statement is tried again while the server is away; Infinity in services. */
  patienceMs: number;
  /** After this a statement counts as lost and its connection is given up. */
  statementTimeoutMs?: number;
}

export const createDatabase = (options: DatabaseOptions): Database => {
  const pool = createPool(options);
  const outage = options.outage ?? createOutage(options.log, 'postgresql');
  const closing = new AbortController();
  let closed: Promise<void> | undefined;

  const attempt = async <Row extends unknown[]>(statement: Statement, values: unknown[]): Promise<Row[]> => {
    const result = await pool.query<Row>({ ...statement, values, rowMode: 'array' });
    outage.succeeded();
    return result.rows;
  };

  return {
    async query<Row extends unknown[]>(statement: Statement, values: unknown[] = []) {
      const giveUpAt = performance.now() + options.patienceMs;
      for (let backOffMs = firstBackOffMs; ; backOffMs = Math.min(backOffMs * 2, longestBackOffMs)) {
        try {
          return await attempt<Row>(statement, values);
        } catch (error) {
          if (!isTransient(error) || closing.signal.aborted || performance.now() > giveUpAt) throw error;
          outage.failed(error);
          await sleep(backOffMs * (0.5 + Math.random() / 2), undefined, { signal: closing.signal });
        }
      }
    },
    async withConnection(work) {
      const client = await pool.connect();
      client.on('error', ignoreCut);
      try {
        const result = await work({ run: (text, values) => run(client, text, values), client });
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      } finally {
        client.off('error', ignoreCut);
      }
    },
    close() {
      closing.abort();
      closed ??= pool.end();
      return closed;
    },
  };
};

const createPool = ({ url, poolSize, log, statementTimeoutMs }: DatabaseOptions): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'billcast',
    options: '-c synchronous_commit=on -c datestyle=ISO',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 0,
    ...(statementTimeoutMs === undefined ? {} : { query_timeout: statementTimeoutMs }),
  });
  pool.on('error', (error) => log.debug({ error: error.message }, 'idle database connection was cut'));
  return pool;
};

/** A lent connection that is cut between two statements: the next statement fails, which is told. */
const ignoreCut = (): void => undefined;

const run = async (client: pg.PoolClient, text: string, values: unknown[] = []): Promise<unknown[][]> => {
  const result = await client.query<unknown[]>({ text, values, rowMode: 'array' });
  return result.rows ?? [];
};
