import { loadConfig } from './config.ts';
import { createDispatcher } from './dispatcher/dispatcher.ts';
import { BillcastError } from './errors.ts';
import { createLogger, type Logger } from './log.ts';
import { openServers } from './servers.ts';
import { exitWith, stopOnSignals } from './signals.ts';

/** A service process: settings, servers, one dispatcher, until a signal ends it. */
const main = async (): Promise<void> => {
  const config = loadConfig();
  const log = createLogger({ level: config.logLevel ?? 'info', pretty: !config.production });
  const servers = await openServers(config, (line) => log.info(line));
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
};

/** Everything in flight is found by the sweeper, so ending at once is the safest thing to do. */
const crash = (log: Logger, error: unknown): void => {
  log.fatal({ err: error }, 'dispatcher cannot go on');
  exitWith(log, 1);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof BillcastError ? error.message : String(error)}\n`);
  process.exit(1);
});
