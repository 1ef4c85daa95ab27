import { BillcastError } from '../../../src/errors.ts';

const controller = new AbortController();

/** The first Ctrl-C or SIGTERM ends the benchmark cleanly at the next check, a second one at once. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => controller.abort(new BillcastError('STOP_INCOMPLETE', 'interrupted')));
  }
}

export function throwIfInterrupted(): void {
  controller.signal.throwIfAborted();
}
