import { BillcastError } from '../../../src/errors.ts';

const controller = new AbortController();

/**
 * Ctrl-C and SIGTERM end the load test at the next look, so that it removes what it made; a second one at
 * once.
 */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => controller.abort(new BillcastError('STOP_INCOMPLETE', 'interrupted')));
  }
}

export function throwIfInterrupted(): void {
  controller.signal.throwIfAborted();
}
