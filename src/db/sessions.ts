import pg from 'pg';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { requestCancel } from './cancelRequest.ts';
import type { Endpoint, ServerUrl, SessionTarget } from './serverUrl.ts';
import { faultKindOf, faultWords } from './statementFault.ts';

/**
 * Sessions with whichever of a URL's servers takes them.
 *
 * What is learned holds for the whole process: which host answers as wanted (the next one is tried when it
 * stops), and whether a pooler stands between. A pooler is known by what it does with the start-up `options`
 * of a session: it refuses them, or it drops them, so that our marker does not arrive. Behind one nothing is
 * left on a session: no settings, no named statements, no locks.
 */
export interface Sessions {
  /** @throws the last server's word if none of them takes us */
  borrow(): Promise<pg.PoolClient>;
  /**
   * Gives a session back after an error of a statement, or gives it up if nothing more can be had from it.
   */
  giveBack(client: pg.PoolClient, error: unknown): void;
  /** Whether the server keeps statements by name for us. */
  keepsStatements(): boolean;
  /** Whether a pooler stands before the server. */
  isPooled(): boolean;
  end(): Promise<void>;
}

export interface SessionOptions {
  readonly url: ServerUrl;
  readonly poolSize: number;
  readonly log: Logger;
  readonly target: SessionTarget;
  readonly applicationName: string;
  /** Milliseconds without an answer after which a statement counts as lost. */
  readonly statementTimeoutMs?: number | undefined;
}

const connectTimeoutMs = 5_000;
/** A setting of nobody's: it arrives only where start-up options do. */
const marker = 'billcast.session';
/** PgBouncer knows this one and keeps it for each client. */
const dateStyle = 'ISO, MDY';

export function createSessions(options: SessionOptions): Sessions {
  const route = createRoute(options);
  const pool = createPool(options, route);
  return {
    async borrow() {
      for (let turn = 0; ; turn++) {
        const seen = route.changes();
        try {
          return await pool.connect();
        } catch (error) {
          if (!route.learn(error, seen) || turn > options.url.endpoints.length) throw error;
        }
      }
    },
    giveBack(client, error) {
      const kind = faultKindOf(error);
      if (kind === 'readOnly' || kind === 'pooler') route.learn(error, route.changes());
      if (kind === 'silent') requestCancel(client);
      client.release(!outlives.has(kind));
    },
    keepsStatements: () => route.keepsStatements(),
    isPooled: () => route.isPooled(),
    end: () => pool.end(),
  };
}

/** After these the session is as good as before. */
const outlives: ReadonlySet<string> = new Set(['collided', 'cancelled', 'locked', 'refused', 'lasting']);

/** Which way the next session goes, and how. */
interface Route {
  endpoint(): Endpoint;
  /** How often it has changed: who fails on an earlier one changes nothing more. */
  changes(): number;
  /** @returns whether another try is worth it at once */
  learn(error: unknown, seen: number): boolean;
  pooled(): void;
  keepsStatements(): boolean;
  isPooled(): boolean;
}

function createRoute({ url, log }: SessionOptions): Route {
  let changes = 0;
  let pooled = false;
  let named = true;

  const turn = (seen: number): boolean => {
    if (seen === changes) changes++;
    return url.endpoints.length > 1;
  };
  const foundPooler = (): void => {
    if (!pooled) log.info({ component: 'postgresql' }, faultWords.pooler);
    pooled = true;
    named = false;
  };

  return {
    endpoint: () => url.endpoints[changes % url.endpoints.length] ?? url.endpoints[0],
    changes: () => changes,
    learn(error, seen) {
      const kind = faultKindOf(error);
      if (kind === 'pooler') {
        const isNews = !pooled;
        foundPooler();
        return isNews;
      }
      const goesOn = kind === 'unreachable' || kind === 'silent' || kind === 'readOnly' || isAboutTls(error);
      return goesOn && turn(seen);
    },
    pooled: foundPooler,
    keepsStatements: () => named,
    isPooled: () => pooled,
  };
}

/** Of `sslmode` prefer and allow: then the other way is tried. */
function isAboutTls(error: unknown): boolean {
  return error instanceof Error && /does not support SSL|no pg_hba.conf entry/.test(error.message);
}

function createPool(options: SessionOptions, route: Route): pg.Pool {
  const { url, poolSize, log, applicationName, statementTimeoutMs } = options;
  const settings: pg.PoolConfig = {
    user: url.user,
    password: url.password,
    database: url.database,
    max: poolSize,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: url.connectTimeoutMs ?? connectTimeoutMs,
    idleTimeoutMillis: 0,
    ...(statementTimeoutMs === undefined ? {} : { query_timeout: statementTimeoutMs }),
    onConnect: (client) => greet(client, options, route),
    Client: clientOn(options, route),
  };
  const pool = new pg.Pool(settings);
  pool.on('connect', (client) => client.on('error', ignoreCut));
  pool.on('error', (error) => log.debug({ err: error }, 'idle database connection was cut'));
  return pool;
}

/** A session that is cut fails the running statement or the next one, and that failure is logged. */
function ignoreCut(): void {}

/** The driver's client, on the way of the moment and with our start-up parameters. */
function clientOn({ url, applicationName }: SessionOptions, route: Route) {
  return class extends pg.Client {
    readonly #startup: Readonly<Record<string, string>>;

    constructor(settings?: pg.ClientConfig) {
      const { host, port, ssl } = route.endpoint();
      super({
        ...settings,
        // The pool hides it from a spread.
        password: url.password,
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ssl,
      });
      this.#startup = {
        application_name: applicationName,
        DateStyle: dateStyle,
        ...(route.isPooled() ? {} : { options: startupOptions(url.options) }),
      };
    }

    /** Called by the driver. */
    getStartupConf(): Record<string, string | undefined> {
      return { user: this.user, database: Reflect.get(this, 'database'), ...this.#startup };
    }
  };
}

/** Ours come last, so they hold. */
function startupOptions(theirs: string | undefined): string {
  return [...(theirs === undefined ? [] : [theirs]), `-c synchronous_commit=on -c ${marker}=1`].join(' ');
}

interface Greeting {
  readonly text: string;
  readonly rowMode: 'array';
  readonly query_timeout: number;
}

const greeting: Greeting = {
  text: `select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
                current_setting('${marker}', true), current_setting('DateStyle')`,
  rowMode: 'array',
  query_timeout: connectTimeoutMs,
};

/**
 * Looks at a new session before anybody gets it: whether it may write, and what of our start-up has arrived.
 */
async function greet(client: pg.ClientBase, { url, target }: SessionOptions, route: Route): Promise<void> {
  const { rows } = await client.query<[boolean, string | null, string]>(greeting);
  const [readOnly, marked, style] = rows[0] ?? [false, null, ''];
  const wanted = url.target ?? target;
  if (wanted !== 'any' && readOnly !== (wanted === 'standby')) throw new WrongServer(readOnly);
  if (marked === '1') return;
  route.pooled();
  if (url.options !== undefined) {
    throw new BillcastError(
      'DATABASE_FAILED',
      'options in DATABASE_URL cannot pass the pooler before PostgreSQL: give them to the role instead, ' +
        'as in alter role billcast set search_path = billing',
    );
  }
  if (!style.startsWith('ISO')) {
    throw new BillcastError(
      'DATABASE_FAILED',
      'the pooler before PostgreSQL drops DateStyle: alter role billcast set datestyle = ISO',
    );
  }
}

/** Has PostgreSQL's own code for a statement that a read-only session refuses. */
class WrongServer extends Error {
  readonly code = '25006';

  constructor(readOnly: boolean) {
    super(readOnly ? 'the server is a read-only standby' : 'the server is no standby');
    this.name = 'WrongServer';
  }
}
