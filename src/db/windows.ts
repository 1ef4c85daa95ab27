import type { Database } from './database.ts';
import { beforeAllBills } from './sql.ts';
import type { Statement } from './statement.ts';

/**
 * The bills that one statement looks at: it takes some tenths of a second, far below the limit of a
 * statement.
 */
export const billsPerWindow = 50_000;

/**
 * Runs a statement window by window, so that none takes long, however many bills there are. Its last two
 * parameters are the bill behind which to begin, and how many bills to look at. It returns one row: how many
 * bills it has looked at, the last one's id, and counts, which are passed on. Each bill counts in the state
 * that it has when its window is read.
 */
export async function* walkWindows<Counts extends unknown[] = number[]>(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
  size = billsPerWindow,
): AsyncGenerator<Counts> {
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const asked: unknown[] = [...values, after, size];
    const [row] = await database.query<[number, string | null, ...Counts]>(statement, asked);
    if (row === undefined) return;
    const [looked, upTo, ...counts] = row;
    yield counts;
    after = looked < size ? null : upTo;
  }
}

/** The sums of a statement's counts over all windows. */
export async function sumOverWindows(...walk: Parameters<typeof walkWindows>): Promise<number[]> {
  let sums: number[] = [];
  for await (const counts of walkWindows(...walk)) {
    sums = counts.map((count, index) => (sums[index] ?? 0) + count);
  }
  return sums;
}
