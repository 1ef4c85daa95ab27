import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { purgeOutcomes } from '../db/outcomes/purgeOutcomes.ts';
import { purgeRunRows } from '../db/runs/purgeRunRows.ts';
import { purgePoisonRecords, purgeSettledBills } from '../db/transitions/purgeSettled.ts';

export interface PurgeDeps {
  readonly database: Database;
  readonly retention: Config['retention'];
}

/** Rows that a purge deleted. */
export interface PurgedRows {
  readonly bills: number;
  readonly poison: number;
  readonly outcomes: number;
  /** Messages that settled no bill, and the canaries of runs. */
  readonly ofRuns: number;
}

/** Rows per statement: few enough that nobody waits for it. */
const rowsPerStep = 2_000;

/**
 * Deletes rows whose retention time is over, in small steps, oldest month first.
 * @param forMs stops after the step that passes this; Infinity for all there is
 */
export async function purgeRows(
  { database, retention }: PurgeDeps,
  { forMs }: { forMs: number },
): Promise<PurgedRows> {
  const until = performance.now() + forMs;
  const limit = rowsPerStep;
  const { poisonDays, outcomesDays, billsDays } = retention;
  const poison = await inSteps(until, () => purgePoisonRecords(database, { days: poisonDays, limit }));
  const outcomes = await inSteps(until, () => purgeOutcomes(database, { days: outcomesDays, limit }));
  let bills = 0;
  while (performance.now() < until) {
    const deleted = await purgeSettledBills(database, { days: billsDays, limit });
    if (deleted === undefined) break;
    bills += deleted;
  }
  const ofRuns = await inSteps(until, () => purgeRunRows(database, { days: billsDays, limit }), 1);
  return { bills, poison, outcomes, ofRuns };
}

/** Repeats the step until it deletes less than `least`, or the time is over. */
async function inSteps(untilMs: number, step: () => Promise<number>, least = rowsPerStep): Promise<number> {
  let sum = 0;
  for (let count = least; count >= least && performance.now() < untilMs; sum += count) count = await step();
  return sum;
}
