import { setTimeout as sleep } from 'node:timers/promises';
import { cancelStatements } from '../chaosRows.ts';
import type { InjectionDeps } from './injection.ts';

const betweenMs = 20;

/** Cancels running statements for some seconds, as a time limit or an administrator would. */
export async function injectCancel({ testbed, random, signal, begin }: InjectionDeps): Promise<void> {
  const until = performance.now() + random.integer(2_000, 5_000);
  begin('statements in PostgreSQL');
  while (performance.now() < until) {
    await cancelStatements(testbed.database);
    await sleep(betweenMs, undefined, { signal });
  }
}
