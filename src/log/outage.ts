import type { Logger } from './log.ts';
import { createThrottledLog } from './throttledLog.ts';

/** Logs a server's outage in two lines, however many calls fail in between. */
export interface Outage {
  /**
   * A call failed because the server cannot be reached. If the error comes from the server itself (a
   * cancelled statement, a lock not granted), it is logged in its own words.
   */
  failed(error: unknown, facts?: object): void;
  /** A call succeeded. */
  succeeded(): void;
}

export interface OutageOptions {
  /** The least time between two lines; 10 s by default. */
  readonly quietMs?: number;
  /** The constant message for an error from the server itself; undefined if the server cannot be reached. */
  readonly wordsOf?: (error: unknown) => string | undefined;
  /** Called after each line that says that the server cannot be reached. */
  readonly onAway?: (() => void) | undefined;
}

/**
 * States: up (at first) and away. Each change is one line, and there is at most one line per `quietMs`. If an
 * outage ends sooner, its end is logged when that time has passed; if it returns before that, it is the same
 * outage.
 * @param component the server, as operators call it: `postgresql`, `kafka`
 */
export function createOutage(log: Logger, component: string, options: OutageOptions = {}): Outage {
  const { quietMs = 10_000, wordsOf = () => undefined, onAway } = options;
  const throttledLog = createThrottledLog(log);
  let awaySince: number | undefined;
  let backSince = 0;
  let isLogged = false;
  let lastLineAt = Number.NEGATIVE_INFINITY;
  let endTimer: NodeJS.Timeout | undefined;

  const end = (): void => {
    if (isLogged) {
      log.info({ component, awayMs: Math.round(backSince - (awaySince ?? backSince)) }, 'server is back');
      lastLineAt = performance.now();
    }
    awaySince = undefined;
    endTimer = undefined;
    isLogged = false;
  };

  return {
    failed(error, facts = {}) {
      const words = wordsOf(error);
      if (words !== undefined) {
        throttledLog.warn(words, { component, ...facts, why: messageOf(error) });
        return;
      }
      const now = performance.now();
      awaySince ??= now;
      clearTimeout(endTimer);
      endTimer = undefined;
      if (isLogged || now - lastLineAt < quietMs) return;
      isLogged = true;
      lastLineAt = now;
      log.warn({ component, why: messageOf(error) }, 'server unreachable, retrying');
      onAway?.();
    },
    succeeded() {
      if (awaySince === undefined || endTimer !== undefined) return;
      backSince = performance.now();
      const quietForMs = lastLineAt + quietMs - backSince;
      if (isLogged && quietForMs > 0) endTimer = setTimeout(end, quietForMs).unref();
      else end();
    },
  };
}

/**
 * The message of an error, or of the first of an aggregate, such as a connection refused at two addresses.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
