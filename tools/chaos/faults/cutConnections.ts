import { cutConnections } from '../chaosRows.ts';
import type { Arena } from './injection.ts';

/** Every connection to PostgreSQL is cut, in the middle of statements. */
export async function strikeCut({ world, begin }: Arena): Promise<void> {
  begin('every connection to PostgreSQL');
  await cutConnections(world.database);
}
