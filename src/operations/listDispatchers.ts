import { readDatabaseTime } from '../db/databaseTime.ts';
import { type DispatcherFacts, readDispatchers } from '../db/reads/dispatcherList.ts';
import type { OperationDeps } from './operationDeps.ts';

/** A dispatcher, and whether it was heard of within `CLAIM_TTL_MS`. */
export interface ListedDispatcher extends DispatcherFacts {
  readonly alive: boolean;
}

/** The dispatchers that run, or ran lately. */
export async function listDispatchers({
  config,
  database,
}: Pick<OperationDeps, 'config' | 'database'>): Promise<{
  readonly asOf: Date;
  readonly items: readonly ListedDispatcher[];
}> {
  const asOf = await readDatabaseTime(database);
  const items = await readDispatchers(database);
  return { asOf, items: items.map((item) => ({ ...item, alive: item.silentMs < config.claimTtlMs })) };
}
