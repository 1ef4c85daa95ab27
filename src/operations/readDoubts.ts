import { readDatabaseTime } from '../db/databaseTime.ts';
import {
  countDoubts,
  type DoubtFacts,
  type DoubtKey,
  firstDoubtKey,
  readDoubtPage,
} from '../db/reads/doubtPage.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface DoubtPage {
  readonly asOf: Date;
  /** All bills in doubt, of the month if one is given. */
  readonly total: number;
  /** Those in doubt longest first. */
  readonly doubts: readonly DoubtFacts[];
  /** Where the next page begins; undefined at the end. */
  readonly next: DoubtKey | undefined;
}

/** One page of the bills in doubt. @param request.month first day of the billing month as `YYYY-MM-DD` */
export async function readDoubts(
  { database }: Pick<OperationDeps, 'database'>,
  request: {
    readonly after?: DoubtKey | undefined;
    readonly month?: string | undefined;
    readonly limit: number;
  },
): Promise<DoubtPage> {
  const { after = firstDoubtKey, month, limit } = request;
  const asOf = await readDatabaseTime(database);
  const { doubts, last } = await readDoubtPage(database, { after, month, limit });
  return {
    asOf,
    total: await countDoubts(database, month),
    doubts,
    next: doubts.length < limit ? undefined : last,
  };
}
