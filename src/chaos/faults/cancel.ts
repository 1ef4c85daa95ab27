import { setTimeout as sleep } from 'node:timers/promises';
import { cancelStatements } from '../rows.ts';
import type { Arena } from './strike.ts';

const betweenMs = 20;

/** Statements are cancelled again and again for some seconds, as a role's time limit or an administrator does it. */
export const strikeCancel = async ({ world, random, signal, begin }: Arena): Promise<void> => {
  const until = performance.now() + random.integer(2_000, 5_000);
  begin('statements in PostgreSQL');
  while (performance.now() < until) {
    await cancelStatements(world.database);
    await sleep(betweenMs, undefined, { signal });
  }
};
