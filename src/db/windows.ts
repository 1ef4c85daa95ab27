import type { Database, Statement } from './database.ts';
import { beforeAllBills } from './sql.ts';

/** Bills that one statement looks at: some tenths of a second, and far from what a statement may take. */
export const billsPerWindow = 50_000;

/**
 * Asks a statement window by window, so that none is long however many bills there are. Its last two
 * parameters say after which bill, and how many bills to look at. It answers one row: how many it has looked
 * at, the last one's id, and counts, which are passed on. Each bill counts as it is when its window is read.
 */
export async function* walkWindows(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
  size = billsPerWindow,
): AsyncGenerator<number[]> {
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const asked: unknown[] = [...values, after, size];
    const [row] = await database.query<[number, string | null, ...number[]]>(statement, asked);
    const [looked, upTo, ...counts]: [number, string | null, ...number[]] = row ?? [0, null];
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
