import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/**
 * PostgreSQL array literals for values that need no quoting: digits and UUIDs. The driver quotes and escapes
 * each value, which on the path of a bill costs more than the rest of the call.
 */
export function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

/** Runs a statement that returns one row with one column: a count. */
export async function queryCount(
  database: Database,
  statement: Statement,
  values: unknown[],
): Promise<number> {
  const [row] = await database.query<[number]>(statement, values);
  return row?.[0] ?? 0;
}

/**
 * Where a scan over bills begins. An id below 1 is a mistake of the billing batch, but a scan must see its
 * row too.
 */
export const beforeAllBills = '-9223372036854775808';
