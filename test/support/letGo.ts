import type { Database } from '../../src/db/database.ts';
import { createLetGo, type LetGoOptions } from '../../src/db/letGo.ts';

/** Lets the first held bills go. */
export const letGoBills = (
  database: Database,
  { limit, ...which }: LetGoOptions & { readonly limit: number },
): Promise<number> => createLetGo(database, which).next(limit);
