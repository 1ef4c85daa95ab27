import { cutConnections } from '../chaosRows.ts';
import type { InjectionDeps } from './injection.ts';

/** Cuts every connection to PostgreSQL, in the middle of statements. */
export async function injectCut({ testbed, begin }: InjectionDeps): Promise<void> {
  begin('every connection to PostgreSQL');
  await cutConnections(testbed.database);
}
