import timers from 'node:timers/promises';

/** Resolves after `ms`, or as soon as the signal is aborted. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  // By the module's object, in which `mock.timers` replaces it.
  return timers.setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
