import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { purgeOutcomes } from '../db/outcomes/purgeOutcomes.ts';
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
  const purged = { bills: 0, poison: 0, outcomes: 0 };
  for (let count = rowsPerStep; count === rowsPerStep && performance.now() < until; purged.poison += count) {
    count = await purgePoisonRecords(database, { days: retention.poisonDays, limit: rowsPerStep });
  }
  for (
    let count = rowsPerStep;
    count === rowsPerStep && performance.now() < until;
    purged.outcomes += count
  ) {
    count = await purgeOutcomes(database, { days: retention.outcomesDays, limit: rowsPerStep });
  }
  while (performance.now() < until) {
    const step = await purgeSettledBills(database, { days: retention.billsDays, limit: rowsPerStep });
    if (step === undefined) {
      break;
    }
    purged.bills += step.deleted;
  }
  return purged;
}
