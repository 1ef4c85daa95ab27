import { cutConnections } from '../rows.ts';
import type { Arena } from './strike.ts';

/** Every connection to PostgreSQL is cut, in the middle of statements. */
export const strikeCut = async ({ world, begin }: Arena): Promise<void> => {
  begin('every connection to PostgreSQL');
  await cutConnections(world.database);
};
