import { setTimeout as sleep } from 'node:timers/promises';

/** What the work gives, or undefined if it takes longer; it then goes on alone. */
export async function atMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  const timeout = sleep(ms, undefined, { signal: limit.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    limit.abort();
  }
}
