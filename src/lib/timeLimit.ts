import { setTimeout as sleep } from 'node:timers/promises';

/** What the work gives, or undefined where it takes longer than `limitMs`; it goes on all the same. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  try {
    return (await Promise.race([work, pause(limitMs, limit.signal)])) ?? undefined;
  } finally {
    limit.abort();
  }
}

/** Resolves after `ms`, or as soon as the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
