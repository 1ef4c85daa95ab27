import type { Logger } from './log/log.ts';

/**
 * Stops the process on SIGTERM and SIGINT. Exit 0 when `stop` is complete; exit 1 at the deadline or a second
 * signal, with a log line about what is left.
 */
export function stopOnSignals(options: {
  readonly log: Logger;
  readonly stop: () => Promise<void>;
  readonly timeoutMs: number;
  /** What is not finished yet, for the log. */
  readonly left: () => Record<string, number>;
}): void {
  const { log, stop, timeoutMs, left } = options;
  let stopping = false;

  const giveUp = (why: string): void => {
    log.error({ ...left(), why }, 'stopped before everything was finished, the sweeper will find it');
    exitWith(log, 1);
  };
  const onSignal = (signal: string): void => {
    if (stopping) {
      giveUp('second signal');
      return;
    }
    stopping = true;
    log.info({ signal, ...left() }, 'stopping');
    setTimeout(() => giveUp('time limit'), timeoutMs).unref();
    stop().then(
      () => exitWith(log, 0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        giveUp('error');
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

const flushLimitMs = 1_000;

/** Ends the process when the log is written, at the latest after a second. */
export function exitWith(log: Logger, code: number): void {
  setTimeout(() => process.exit(code), flushLimitMs);
  log.flush(() => process.exit(code));
}
