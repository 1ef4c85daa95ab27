import type { Logger } from './log.ts';
import { createThrottledLog } from './throttledLog.ts';

/** Tells a server's absence in two lines, however many calls fail in between. */
export interface Outage {
  /**
   * A call failed because the server was away; or for what a server says that is there (a statement was cancelled, a
   * lock not granted), which is told in its own words.
   */
  failed(error: unknown, facts?: object): void;
  /** A call went through. */
  succeeded(): void;
}

export interface OutageOptions {
  /** At least this long between two lines. */
  readonly quietMs?: number;
  /** The constant message for an error of a server that is there; undefined for one that is away. */
  readonly wordsOf?: (error: unknown) => string | undefined;
}

/**
 * States: up (at first) and away. Each change is one line, and there is never more than one in `quietMs`: an
 * outage that is over sooner is told as over when that time has passed, and one that comes back before that is the
 * same outage.
 * @param component what went away, as operators call it: `postgresql`, `kafka`
 */
export function createOutage(log: Logger, component: string, options: OutageOptions = {}): Outage {
  const { quietMs = 10_000, wordsOf = () => undefined } = options;
  const throttledLog = createThrottledLog(log);
  let awaySince: number | undefined;
  let backSince = 0;
  let told = false;
  let lastLineAt = Number.NEGATIVE_INFINITY;
  let tellingBack: NodeJS.Timeout | undefined;

  const over = (): void => {
    if (told) {
      log.info({ component, awayMs: Math.round(backSince - (awaySince ?? backSince)) }, 'server is back');
      lastLineAt = performance.now();
    }
    awaySince = undefined;
    tellingBack = undefined;
    told = false;
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
      clearTimeout(tellingBack);
      tellingBack = undefined;
      if (told || now - lastLineAt < quietMs) return;
      told = true;
      lastLineAt = now;
      log.warn({ component, why: messageOf(error) }, 'server is away, trying again until it is back');
    },
    succeeded() {
      if (awaySince === undefined || tellingBack !== undefined) return;
      backSince = performance.now();
      const quietForMs = lastLineAt + quietMs - backSince;
      if (told && quietForMs > 0) tellingBack = setTimeout(over, quietForMs).unref();
      else over();
    },
  };
}

/** The message of an error, or of the first of an aggregate such as a refused connection to two addresses. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
