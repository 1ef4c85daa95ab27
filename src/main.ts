import { loadConfig } from './config/loadConfig.ts';
import { clearDatabaseError } from './db/clearError.ts';
import { createDatabase } from './db/database.ts';
import { updateSchema } from './db/schema.ts';
import { createDispatcher } from './dispatcher/dispatcher.ts';
import { type Endpoints, resolveEndpoints } from './embedded/resolveEndpoints.ts';
import { BillcastError } from './errors.ts';
import { createLogger, type Logger } from './log/log.ts';
import { exitWith, stopOnSignals } from './signals.ts';

/** A service process: settings, servers, one dispatcher, until a signal ends it. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger({ level: config.logLevel ?? 'info', pretty: !config.production });
  const servers = await resolveEndpoints(config, (line) => log.info(line));
  if (servers.embedded.postgres) await updateEmbedded(servers, log);
  const dispatcher = await createDispatcher({ config, servers, log, onFatal: (error) => crash(log, error) });
  stopOnSignals({
    log,
    timeoutMs: config.stopTimeoutMs,
    stop: async () => {
      await dispatcher.stop();
      await servers.close();
    },
    left: () => ({ bills: dispatcher.inFlight() }),
  });
  if ((await dispatcher.start()) === 'started') process.send?.('ready');
}

/** The embedded database is billcast's own to change; any other one is changed by `billcast migrate`. */
async function updateEmbedded({ databaseUrl: url }: Endpoints, log: Logger): Promise<void> {
  const database = createDatabase({ url, poolSize: 3, log, patienceMs: 5_000 });
  try {
    await updateSchema(database);
  } finally {
    await database.close();
  }
}

/** Everything in flight is found by the sweeper, so ending at once is the safest thing to do. */
function crash(log: Logger, error: unknown): void {
  log.fatal({ err: error }, 'dispatcher cannot go on');
  exitWith(log, 1);
}

/** One sentence, and what is beneath it. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof BillcastError)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(clearDatabaseError(error) ?? error)}\n`);
  process.exit(1);
});
