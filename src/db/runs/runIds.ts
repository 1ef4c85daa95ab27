import type { Database } from '../database.ts';

const ids = { name: 'run-ids', text: 'select number, id from run where number = any($1::int[])' };

/** The ids by which people call these runs; 0 is `elsewhere`. */
export async function readRunIds(
  database: Database,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  return new Map(await database.query<[number, string]>(ids, [numbers]));
}
