import { sleep } from './sleep.ts';

/** The result of the work, or undefined if it takes longer than `limitMs`; the work itself continues. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  try {
    return (await Promise.race([work, sleep(limitMs, limit.signal)])) ?? undefined;
  } finally {
    limit.abort();
  }
}
