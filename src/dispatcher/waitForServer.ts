import { BillcastError } from '../errors.ts';
import { backoffMs } from '../lib/backoff.ts';
import { sleep } from '../lib/sleep.ts';
import type { Outage } from '../log/outage.ts';

/** A server that a start needs. */
export interface AwaitedServer {
  readonly outage: Outage;
  /** Whether waiting can fix this. It is given the error of the server or driver. */
  readonly isPassing: (error: unknown) => boolean;
}

const backoff = { firstMs: 500, longestMs: 5_000, jitter: 0.5 };

/**
 * Takes one step of a start, and retries it with back-off while its server is away. A broken connection
 * leaves the outcome of a step unknown, so each step must be safe to repeat.
 * @throws what the step threw if waiting cannot fix it; the signal's reason if it is aborted
 */
export async function waitForServer<T>(
  step: () => Promise<T>,
  { outage, isPassing }: AwaitedServer,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures++) {
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
    await sleep(backoffMs(failures, backoff), signal);
  }
}

/**
 * The error of the server or its driver, which names the host. Our own error, around it, says what to check.
 */
function beneathOf(error: unknown): unknown {
  return error instanceof BillcastError ? (error.cause ?? error) : error;
}
