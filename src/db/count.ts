import type { Database, Statement } from './database.ts';

/** Runs a statement whose one row has one column, a count. */
export async function queryCount(
  database: Database,
  statement: Statement,
  values: unknown[],
): Promise<number> {
  const [row] = await database.query<[number]>(statement, values);
  return row?.[0] ?? 0;
}
