import { setTimeout as sleep } from 'node:timers/promises';
import { BillcastError } from '../errors.ts';
import type { Outage } from '../log/outage.ts';

/** A server that a start needs. */
export interface AwaitedServer {
  readonly outage: Outage;
  /** Whether waiting can mend this; given the error beneath one of billcast's own. */
  readonly isPassing: (error: unknown) => boolean;
}

const firstBackOffMs = 500;
const longestBackOffMs = 5_000;

/**
 * Takes one step of a start, and takes it again with back-off while its server is away. A cut leaves the outcome
 * of a step unknown, so each must be safe to take twice.
 * @throws what the step threw where waiting cannot mend it; the signal's reason once that is aborted
 */
export async function waitForServer<T>(
  step: () => Promise<T>,
  { outage, isPassing }: AwaitedServer,
  signal: AbortSignal,
): Promise<T> {
  for (let backOffMs = firstBackOffMs; ; backOffMs = Math.min(backOffMs * 2, longestBackOffMs)) {
    signal.throwIfAborted();
    try {
      const result = await step();
      outage.succeeded();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BillcastError && error.code === 'KAFKA_SETTINGS') throw error;
      const beneath = beneathOf(error);
      if (!isPassing(beneath)) throw error;
      outage.failed(beneath);
    }
    await sleep(backOffMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** What the server or its driver said: it names the host, ours says what to check. */
function beneathOf(error: unknown): unknown {
  return error instanceof BillcastError ? (error.cause ?? error) : error;
}
