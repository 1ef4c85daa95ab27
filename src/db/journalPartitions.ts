import { tokenFloor } from './claimTokens.ts';
import type { Connection } from './database.ts';
import { joinBill } from './source/billTables.ts';

/** One quarter of the journal, by the time of the claims in it (UTC). */
export interface JournalPartition {
  readonly name: string;
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

/** How many quarters exist in advance, including the present one. */
const quartersAhead = 6;
/** If a lock is not granted within this time, it is given up: otherwise dispatchers would queue behind it. */
const lockTimeoutMs = 1_000;

/**
 * Adds the quarters that are missing from now on. Rows that are in the default partition and belong to one of
 * them are moved in the same transaction.
 * @returns the names of the added partitions; if there are none, no lock was taken
 * @throws the server's 55P03 if the journal was locked for longer than a second: try again
 */
export async function addJournalPartitions(connection: Connection, now = new Date()): Promise<string[]> {
  const present = new Set((await listJournalPartitions(connection)).map(({ name }) => name));
  const missing = wantedPartitions(now).filter(({ name }) => !present.has(name));
  const [first] = missing;
  const last = missing.at(-1);
  if (first === undefined || last === undefined) {
    return [];
  }
  await inTransaction(connection, async () => {
    await connection.run('lock table delivery_attempt in access exclusive mode');
    const stranded = `claim_token >= '${tokenFloor(first.from)}' and claim_token < '${tokenFloor(last.to)}'`;
    await connection.run(
      `create temporary table stranded on commit drop as
       select * from delivery_attempt_default where ${stranded}`,
    );
    await connection.run(`delete from delivery_attempt_default where ${stranded}`);
    for (const { name, from, to } of missing) {
      await connection.run(
        `create table ${name} partition of delivery_attempt
         for values from ('${tokenFloor(from)}') to ('${tokenFloor(to)}')`,
      );
    }
    await connection.run('insert into delivery_attempt select * from stranded');
  });
  return missing.map(({ name }) => name);
}

/** The existing quarters, oldest first, without the default partition. */
export async function listJournalPartitions(connection: Connection): Promise<JournalPartition[]> {
  const rows = await connection.run(
    `select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass('delivery_attempt') order by 1`,
  );
  return rows.flatMap(([name]) => partitionNamed(String(name)) ?? []);
}

/** Drops one quarter with all its rows. It throws the same errors as adding one. */
export async function dropJournalPartition(
  connection: Connection,
  { name }: JournalPartition,
): Promise<void> {
  await inTransaction(connection, () => connection.run(`drop table ${name}`));
}

/**
 * Whether the partition holds an attempt of a bill that still has its row, in a month that is not closed. If
 * not, all of the partition is read.
 */
export async function isJournalPartitionNeeded(
  connection: Connection,
  { name }: JournalPartition,
): Promise<boolean> {
  const [[needed] = []] = await connection.run(
    `select exists (
       select 1 from ${name} attempt
       join bill_notification n on n.bill_id = attempt.bill_id
       ${joinBill}
       left join closed_month c on c.billing_month = b.billing_month and c.state <> 'closing'
       where c.billing_month is null)`,
  );
  return needed === true;
}

/** Pure: this quarter and the next ones. */
export function wantedPartitions(now: Date): JournalPartition[] {
  const first = Math.floor(now.getUTCMonth() / 3);
  return Array.from({ length: quartersAhead }, (_, index) => quarter(now.getUTCFullYear(), first + index));
}

/** @param index quarters since January of the year; it may exceed the year */
function quarter(year: number, index: number): JournalPartition {
  const from = new Date(Date.UTC(year, index * 3));
  const to = new Date(Date.UTC(year, index * 3 + 3));
  return { name: `delivery_attempt_${from.getUTCFullYear()}_q${from.getUTCMonth() / 3 + 1}`, from, to };
}

function partitionNamed(name: string): JournalPartition | undefined {
  const [, year, ofYear] = /^delivery_attempt_(\d{4})_q([1-4])$/.exec(name) ?? [];
  return year === undefined ? undefined : quarter(Number(year), Number(ofYear) - 1);
}

async function inTransaction(connection: Connection, work: () => Promise<unknown>): Promise<void> {
  await connection.run('begin');
  try {
    await connection.run(`set local lock_timeout = ${lockTimeoutMs}`);
    await work();
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}
