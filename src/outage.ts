import type { Logger } from './log.ts';

/** Tells a server's absence in two lines, however many calls fail in between. */
export interface Outage {
  /** A call failed because the server was away. */
  failed(error: unknown): void;
  /** A call went through. */
  succeeded(): void;
}

/**
 * States: up (at first) and away. Each change is one line; a change back within `quietMs` of the last line
 * says nothing, so that a flapping server cannot flood the log.
 * @param component what went away, as operators call it: `postgresql`, `kafka`
 */
export const createOutage = (log: Logger, component: string, quietMs = 10_000): Outage => {
  let awaySince: number | undefined;
  let told = false;
  let lastLineAt = Number.NEGATIVE_INFINITY;

  return {
    failed(error) {
      const now = performance.now();
      awaySince ??= now;
      if (told || now - lastLineAt < quietMs) return;
      told = true;
      lastLineAt = now;
      log.warn({ component, why: messageOf(error) }, 'server is away, trying again until it is back');
    },
    succeeded() {
      if (awaySince === undefined) return;
      const awayMs = Math.round(performance.now() - awaySince);
      awaySince = undefined;
      if (!told) return;
      told = false;
      lastLineAt = performance.now();
      log.info({ component, awayMs }, 'server is back');
    },
  };
};

/** The message of an error, or of the first of an aggregate such as a refused connection to two addresses. */
const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
};
