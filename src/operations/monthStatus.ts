import type { StateCounts } from '../db/reads/stateCounts.ts';
import { ageOf, type CountAge, countBills } from './liveStatus.ts';
import type { LadderDeps } from './operationDeps.ts';

/** The bills of a month by state. Events without a row and poison records belong to no month. */
export interface MonthStatus extends Omit<StateCounts, 'earlyEvents'>, CountAge {
  /** `YYYY-MM` */
  readonly month: string;
}

/**
 * If there are many bills, reads the kept counts; otherwise the month's rows.
 * @param month its first day as `YYYY-MM-DD`
 */
export async function readMonthStatus(deps: LadderDeps, month: string): Promise<MonthStatus> {
  const counted = await countBills(deps, { month });
  const { earlyEvents: _, ...counts } = counted.counts;
  return { month: month.slice(0, 7), ...counts, ...ageOf(counted) };
}
