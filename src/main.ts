import { type Config, loadConfig } from './config/loadConfig.ts';
import { clearDatabaseError } from './db/clearError.ts';
import { createDatabase } from './db/database.ts';
import { updateSchema } from './db/schema.ts';
import { type Endpoints, resolveEndpoints } from './embedded/resolveEndpoints.ts';
import { BillcastError } from './errors.ts';
import { growHeapSlowly } from './lib/growHeapSlowly.ts';
import { createLogger, type Logger } from './log/log.ts';
import { exitWith, stopOnSignals } from './signals.ts';

/**
 * A service process: reads the settings, opens the servers, and runs a dispatcher or the api until a signal.
 */
async function main(): Promise<void> {
  const start = services.get(process.argv[2] ?? 'dispatcher');
  if (start === undefined) {
    throw new BillcastError('USAGE', 'main.ts runs a dispatcher, or the api: `npx node src/main.ts api`');
  }
  const config = loadConfig();
  const log = createLogger({ level: config.logLevel ?? 'info', pretty: !config.production });
  const servers = await resolveEndpoints(config, (line) => log.info(line));
  if (servers.embedded.postgres) await updateEmbedded(servers, log);
  await start({ config, log, servers });
}

interface Surroundings {
  readonly config: Config;
  readonly log: Logger;
  readonly servers: Endpoints;
}

const services: ReadonlyMap<string, (surroundings: Surroundings) => Promise<void>> = new Map([
  ['dispatcher', startDispatcher],
  ['api', startApi],
]);

async function startDispatcher({ config, log, servers }: Surroundings): Promise<void> {
  const { createDispatcher } = await import('./dispatcher/dispatcher.ts');
  const ready = tellReadyOnce();
  const dispatcher = await createDispatcher({
    config,
    servers,
    log,
    onFatal: (error) => crash(log, error),
    onWaiting: () => {
      if (config.readyWhileWaiting) ready();
    },
  });
  stopOnSignals({
    log,
    timeoutMs: config.stopTimeoutMs,
    stop: async () => {
      await dispatcher.stop();
      await servers.close();
    },
    left: () => ({ bills: dispatcher.inFlight() }),
  });
  if ((await dispatcher.start()) === 'started') ready();
}

async function startApi({ config, log, servers }: Surroundings): Promise<void> {
  growHeapSlowly();
  const { runApi } = await import('./api/runApi.ts');
  const api = await runApi({ config, servers, log });
  stopOnSignals({
    log,
    timeoutMs: config.stopTimeoutMs,
    stop: async () => {
      await api.stop();
      await servers.close();
    },
    left: () => ({ requests: api.open() }),
  });
  tellReadyOnce()();
}

/** Reports to pm2, or to any parent process with a message channel. */
function tellReadyOnce(): () => void {
  let isTold = false;
  return () => {
    if (!isTold) process.send?.('ready');
    isTold = true;
  };
}

/**
 * billcast brings the embedded database up to date by itself. For any other one this is left to `billcast
 * migrate`.
 */
async function updateEmbedded({ databaseUrl: url }: Endpoints, log: Logger): Promise<void> {
  const database = createDatabase({ url, poolSize: 3, log, patienceMs: 5_000 });
  try {
    await updateSchema(database);
  } finally {
    await database.close();
  }
}

/** Ends the process at once, which is the safest: the sweeper finds everything in flight. */
function crash(log: Logger, error: unknown): void {
  log.fatal({ err: error }, 'dispatcher cannot go on');
  exitWith(log, 1);
}

/** The error in one sentence, with its cause. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof BillcastError)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(clearDatabaseError(error) ?? error)}\n`);
  process.exit(1);
});
