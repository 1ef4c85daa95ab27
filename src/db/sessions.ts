import pg from 'pg';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { requestCancel } from './cancelRequest.ts';
import { columnTypes } from './columnTypes.ts';
import type { Endpoint, ServerUrl, SessionTarget } from './serverUrl.ts';
import { faultKindOf, faultWords } from './statementFault.ts';

/**
 * Opens sessions with whichever of a URL's servers accepts them.
 *
 * What is learned holds for the whole process: which host answers as wanted (when it stops, the next one is
 * tried), and whether there is a pooler. A pooler is recognized by what it does with the start-up `options`
 * of a session: it refuses them, or it drops them, so that our marker does not arrive. Behind a pooler
 * nothing may be left on a session: no settings, no named statements, no locks.
 */
export interface Sessions {
  /** @throws the last server's error if none of them accepts us */
  borrow(): Promise<pg.PoolClient>;
  /** Gives a session back after an error of a statement, or closes it if it is no longer usable. */
  giveBack(client: pg.PoolClient, error: unknown): void;
  /** Whether the server keeps named statements for us. */
  keepsStatements(): boolean;
  /** Whether a pooler is between us and the server. */
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
/** A setting that nobody else uses. It arrives only if start-up options do. */
const marker = 'billcast.session';
/** PgBouncer knows this setting and keeps it per client. */
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

/** After these faults the session is as good as before. */
const outlives: ReadonlySet<string> = new Set(['collided', 'cancelled', 'locked', 'refused', 'lasting']);

/** The host and the way that the next session takes. */
interface Route {
  endpoint(): Endpoint;
  /** How often the route has changed: a failure on an earlier route changes nothing more. */
  changes(): number;
  /** @returns whether another try is worthwhile at once */
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

/** With `sslmode` prefer or allow, the other way is tried after this. */
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
    types: columnTypes,
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

/** If a session is cut, the running statement or the next one fails, and that failure is logged. */
function ignoreCut(): void {}

/** The driver's client, on the present route and with our start-up parameters. */
function clientOn({ url, applicationName }: SessionOptions, route: Route) {
  return class extends pg.Client {
    readonly #startup: Readonly<Record<string, string>>;

    constructor(settings?: pg.ClientConfig) {
      const { host, port, ssl } = route.endpoint();
      super({
        ...settings,
        // Named here, because the pool hides it from a spread.
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

/** Our options come last, so they take effect. */
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
 * Examines a new session before anybody gets it: whether it may write, and which of our start-up options
 * arrived.
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
