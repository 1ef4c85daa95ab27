import type { Config } from '../config/loadConfig.ts';
import { purgeAccessRecords } from '../db/accessRecords.ts';
import {
  addJournalPartitions,
  dropJournalPartition,
  isJournalPartitionNeeded,
  type JournalPartition,
  listJournalPartitions,
} from '../db/journalPartitions.ts';
import { purgeNotices } from '../db/notices/noticeOutbox.ts';
import { type PurgeDeps, type PurgedRows, purgeRows } from '../sweeper/purgeRows.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface PurgeFacts extends PurgedRows {
  readonly journal: PurgedJournal;
  readonly accessRecords: number;
  readonly notices: number;
}

/**
 * Deletes everything whose retention time is over, and adds the journal's next partitions. It needs the role
 * that owns the tables.
 */
export async function purge({
  config,
  database,
}: Pick<OperationDeps, 'config' | 'database'>): Promise<PurgeFacts> {
  const deps = { database, retention: config.retention };
  const rows = await purgeRows(deps, { forMs: Number.POSITIVE_INFINITY });
  const accessRecords = await purgeAccessRecords(database, config.retention.accessDays);
  const notices = await purgeNotices(database, config.retention.journalDays);
  return { ...rows, journal: await purgeJournal(deps), accessRecords, notices };
}

/** Journal partitions by name. */
export interface PurgedJournal {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Adds the journal's next partitions. Drops old ones, unless they hold an attempt of a bill whose row is
 * still there in an open month.
 * @throws the server's 42501 for a role that does not own the tables, 55P03 if the journal stays locked
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
