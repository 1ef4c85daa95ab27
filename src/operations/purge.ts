import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import {
  addJournalPartitions,
  dropJournalPartition,
  isJournalPartitionNeeded,
  type JournalPartition,
  listJournalPartitions,
} from '../db/journalPartitions.ts';
import { purgePoisonRecords, purgeSettledBills } from '../db/transitions/purgeSettled.ts';

export interface PurgeDeps {
  readonly database: Database;
  readonly retention: Config['retention'];
}

/** What a purge deleted. */
export interface PurgedRows {
  readonly bills: number;
  readonly poison: number;
}

/** Rows in one statement: short enough that nobody waits for it. */
const rowsAStep = 2_000;

/**
 * Deletes rows whose time is over, a small step at a time, oldest month first.
 * @param forMs stops after the step that passes this; Infinity for all there is
 */
export async function purgeRows(
  { database, retention }: PurgeDeps,
  { forMs }: { forMs: number },
): Promise<PurgedRows> {
  const until = performance.now() + forMs;
  const purged = { bills: 0, poison: 0 };
  for (let count = rowsAStep; count === rowsAStep && performance.now() < until; purged.poison += count) {
    count = await purgePoisonRecords(database, { days: retention.poisonDays, limit: rowsAStep });
  }
  while (performance.now() < until) {
    const step = await purgeSettledBills(database, { days: retention.billsDays, limit: rowsAStep });
    if (step === undefined) {
      break;
    }
    purged.bills += step.deleted;
  }
  return purged;
}

/** Journal partitions by name. */
export interface PurgedJournal {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Adds the journal's next partitions and drops those that are old enough and hold no attempt of a bill that still has
 * its row in an open month. Needs the role that owns the tables.
 * @throws the server's 42501 for any other role, 55P03 if the journal stays locked
 */
export async function purgeJournal(
  { database, retention }: PurgeDeps,
  now = new Date(),
): Promise<PurgedJournal> {
  return database.withConnection(async (connection) => {
    const added = await addJournalPartitions(connection, now);
    const dropped: string[] = [];
    for (const partition of await listJournalPartitions(connection)) {
      if (isOld(partition, retention, now) && !(await isJournalPartitionNeeded(connection, partition))) {
        await dropJournalPartition(connection, partition);
        dropped.push(partition.name);
      }
    }
    return { added, dropped };
  });
}

function isOld({ to }: JournalPartition, { journalDays }: Config['retention'], now: Date): boolean {
  return to.getTime() < now.getTime() - journalDays * dayMs;
}
