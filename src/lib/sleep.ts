import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after `ms`, or as soon as the signal is aborted. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
