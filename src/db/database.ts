import type pg from 'pg';
import { backoffMs } from '../lib/backoff.ts';
import { sleep } from '../lib/sleep.ts';
import type { Logger } from '../log/log.ts';
import { createOutage, type Outage } from '../log/outage.ts';
import { parseServerUrl, type SessionTarget } from './serverUrl.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { BillSource } from './source/billSource.ts';
import { createSourcing } from './source/sourcedText.ts';
import type { Statement } from './statement.ts';
import { codeOf, faultKindOf, type StatementFaultKind, wordsOf } from './statementFault.ts';

/** One connection that the caller holds, for work that must run in one session. */
export interface Connection {
  /** Runs SQL text and returns its rows as arrays of columns. */
  run(text: string, values?: unknown[]): Promise<unknown[][]>;
  /** The driver's own client, for streams such as COPY. */
  readonly client: pg.PoolClient;
}

/** Rows, and the notices that the server sent with them. */
export interface Answer<Row> {
  readonly rows: Row[];
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly code: string | undefined;
  /** The server's function that wrote the notice, whose message may be in any language. */
  readonly routine: string | undefined;
}

/**
 * The one way to PostgreSQL. Every statement of billcast guards its outcome in its WHERE or by a key. So
 * after a lost connection it is always safe to repeat it, even if the first try has committed.
 */
export interface Database {
  /**
   * Runs a statement and returns its rows as arrays of columns (bigint as text). After a transient failure
   * (server away, connection cut, deadlock) it is retried with back-off for `patienceMs`; then the failure is
   * thrown.
   */
  query<Row extends unknown[]>(statement: Statement, values?: unknown[]): Promise<Row[]>;
  /** The same, and returns the notices of the try that succeeded. */
  queryWithNotices<Row extends unknown[]>(statement: Statement, values?: unknown[]): Promise<Answer<Row>>;
  /**
   * Runs a library's own SQL text, once; its rows are objects. After an error the session is closed, because
   * a transaction may be open.
   */
  execute(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  /** Lends one connection; no retries. */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Whether a pooler is between us and the server; known once it has answered. */
  isPooled(): boolean;
  /** Stops retrying, then closes all connections. May be called twice. */
  close(): Promise<void>;
}

const backoff = { firstMs: 50, longestMs: 2_000, jitter: 0.5 };

export interface DatabaseOptions {
  /** postgres://, as `parseServerUrl` reads it. */
  readonly url: string;
  readonly poolSize: number;
  readonly log: Logger;
  /** Shared by all that use the same server, so that its absence is logged once. */
  readonly outage?: Outage;
  /** How long a statement is retried while the server is away; Infinity in services. */
  readonly patienceMs: number;
  /** After so long without an answer, a statement counts as lost and its connection is closed. */
  readonly statementTimeoutMs?: number;
  /**
   * How often a statement is tried that the server itself stops (cancelled, a lock not granted, an internal
   * error), for callers who then try smaller parts. If missing, `patienceMs` decides.
   */
  readonly stoppedTries?: number;
  /** Which servers are acceptable, if the URL does not say. Default: the primary. */
  readonly target?: SessionTarget;
  /** The source for statements that read the billing system's tables. Default: its own tables. */
  readonly source?: BillSource;
}

/** @throws TypeError if the URL is not valid */
export function createDatabase(options: DatabaseOptions): Database {
  const sessions = createSessions({
    poolSize: options.poolSize,
    log: options.log,
    statementTimeoutMs: options.statementTimeoutMs,
    url: parseServerUrl(options.url),
    target: options.target ?? 'primary',
    applicationName: 'billcast',
  });
  const sourced = createSourcing(options.source);
  const closing = new AbortController();
  const persist = createPersistence(options, closing.signal);
  let closed: Promise<void> | undefined;

  return {
    query: async <Row extends unknown[]>(statement: Statement, values: unknown[] = []) =>
      (await persist(statement.name, () => ask<Row>(sessions, sourced(statement), values))).rows,
    queryWithNotices: <Row extends unknown[]>(statement: Statement, values: unknown[] = []) =>
      persist(statement.name, () => askAndListen<Row>(sessions, sourced(statement), values)),
    execute: (text, values) => lend(sessions, (client) => client.query(text, values)),
    withConnection: (work) =>
      lend(sessions, (client) =>
        work({ run: (text, values) => run(client, sourced({ name: '', text }).text, values), client }),
      ),
    isPooled: sessions.isPooled,
    close() {
      closing.abort();
      closed ??= sessions.end();
      return closed;
    },
  };
}

async function onSession<T>(sessions: Sessions, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await sessions.borrow();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    sessions.giveBack(client, error);
    throw error;
  }
}

function ask<Row extends unknown[]>(
  sessions: Sessions,
  { name, text }: Statement,
  values: unknown[],
): Promise<pg.QueryArrayResult<Row>> {
  return onSession(sessions, (client) =>
    client.query<Row>(
      sessions.keepsStatements()
        ? { name, text, values, rowMode: 'array' }
        : { text, values, rowMode: 'array' },
    ),
  );
}

function askAndListen<Row extends unknown[]>(
  sessions: Sessions,
  { name, text }: Statement,
  values: unknown[],
): Promise<Answer<Row>> {
  return onSession(sessions, async (client) => {
    const notices: Notice[] = [];
    const listen = ({ code, routine }: Notice): void => void notices.push({ code, routine });
    client.on('notice', listen);
    try {
      const query = sessions.keepsStatements() ? { name, text } : { text };
      const { rows } = await client.query<Row>({ ...query, values, rowMode: 'array' });
      return { rows, notices };
    } finally {
      client.off('notice', listen);
    }
  });
}

async function lend<T>(sessions: Sessions, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await sessions.borrow();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function run(client: pg.PoolClient, text: string, values: unknown[] = []): Promise<unknown[][]> {
  const result = await client.query<unknown[]>({ text, values, rowMode: 'array' });
  return result.rows ?? [];
}

type Persist = <T>(name: string, attempt: () => Promise<T>) => Promise<T>;

/** Retries what may pass, with back-off, and logs it with a message per kind of fault. */
function createPersistence(options: DatabaseOptions, closing: AbortSignal): Persist {
  const { patienceMs, stoppedTries = Number.POSITIVE_INFINITY } = options;
  const outage = options.outage ?? createOutage(options.log, 'postgresql', { wordsOf });

  /** The route of the sessions has logged a pooler already, once. */
  function report(statement: string, error: unknown): void {
    if (faultKindOf(error) !== 'pooler') outage.failed(error, { statement, code: codeOf(error) });
  }

  return async (name, attempt) => {
    const giveUpAt = performance.now() + patienceMs;
    let stopped = 0;
    function mayRetry(kind: StatementFaultKind): boolean {
      if (isStopped(kind)) stopped++;
      return isPassing(kind) && stopped < stoppedTries && !closing.aborted && performance.now() <= giveUpAt;
    }
    for (let failures = 1; ; failures++) {
      try {
        const result = await attempt();
        outage.succeeded();
        return result;
      } catch (error) {
        if (!mayRetry(faultKindOf(error))) throw error;
        report(name, error);
        await sleep(backoffMs(failures, backoff), closing);
        closing.throwIfAborted();
      }
    }
  };
}

function isPassing(kind: StatementFaultKind): boolean {
  return kind !== 'refused' && kind !== 'lasting';
}
function isStopped(kind: StatementFaultKind): boolean {
  return kind === 'cancelled' || kind === 'locked' || kind === 'broken';
}
