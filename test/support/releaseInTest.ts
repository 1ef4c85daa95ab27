import type { Database } from '../../src/db/database.ts';
import { createRelease, type ReleaseOptions } from '../../src/db/transitions/releaseHeld.ts';

/** Lets the first held bills go. */
export function releaseBills(
  database: Database,
  { limit, ...which }: ReleaseOptions & { readonly limit: number },
): Promise<number> {
  return createRelease(database, which).next(limit);
}
