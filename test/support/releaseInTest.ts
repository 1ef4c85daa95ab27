import type { Database } from '../../src/db/database.ts';
import { createRelease, type ReleaseOptions } from '../../src/db/transitions/releaseHeld.ts';
import { standardLadder } from './standardLadder.ts';

/** Lets the first held bills go. */
export function releaseBills(
  database: Database,
  { limit, ...which }: Partial<ReleaseOptions> & { readonly limit: number },
): Promise<number> {
  return createRelease(database, { order: standardLadder.order, ...which }).next(limit);
}
