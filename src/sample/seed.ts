import type { BillId } from '../bill.ts';
import type { Connection, Database } from '../db/database.ts';
import { analyzeBills, type FirstIds, findFirstIds } from '../db/source/seedTables.ts';
import { BillcastError } from '../errors.ts';
import { copyInto } from './copy.ts';
import { addMember, copyTargets, createRows, type Encrypt, type Rows } from './copyRows.ts';
import { monthsOnBill } from './makeBill.ts';
import { sampleMember } from './member.ts';
import { withOddity } from './oddities.ts';

export interface SeedOptions {
  readonly database: Database;
  /** Seals one value for the database. */
  readonly encrypt: Encrypt;
  /** How many members to add, 1 or more. */
  readonly members: number;
  /** A safe integer. */
  readonly seed: number;
  /** The month of the bills to send: its first day, `YYYY-MM-DD`. */
  readonly month: string;
  /** Called after each commit with the number of members added so far. */
  readonly onProgress?: ((members: number) => void) | undefined;
}

/** What was added. */
export interface SeedResult {
  readonly members: number;
  /** Bills of the month, held: what `publish` releases. */
  readonly held: number;
  /** All bills, including those of the three months before, which are only shown in the chart. */
  readonly bills: number;
  readonly items: number;
  /** The first bill of the month. */
  readonly firstBillId: BillId;
  /** The last bill of the month; those between have no gap. */
  readonly lastBillId: BillId;
}

/**
 * Adds sample members, each with the bill of the month, its items and its held notification, and the bills of
 * the three months before. Ids follow the largest ones there are, month by month. The same seed, first member
 * id and month give the same plain values.
 *
 * A transaction holds whole members only, so after a crash a member is there with everything or not at all;
 * what was committed stays. Seedings at the same time wait for one another. The database needs two
 * connections.
 * @throws BillcastError USAGE for a wrong option; what PostgreSQL reports
 */
export async function seedSampleBills(options: SeedOptions): Promise<SeedResult> {
  checkOptions(options);
  const { database } = options;
  // A transaction on a separate connection holds the lock: this works behind a pooler too, and a fault
  // releases it.
  return database.withConnection(async (guard) => {
    await guard.run('begin');
    await guard.run(`select pg_advisory_xact_lock(${advisoryLockKey})`);
    const result = await database.withConnection(async (connection) => {
      const seeded = await seedAll(connection, options);
      await analyzeBills(connection);
      return seeded;
    });
    await guard.run('commit');
    return result;
  });
}

const advisoryLockKey = 7_264_552;

/** Bounds the memory: about 3 KB of text per member. */
const membersPerTransaction = 1_000;

async function seedAll(connection: Connection, options: SeedOptions): Promise<SeedResult> {
  const first = await findFirstIds(connection);
  let items = 0;
  for (let done = 0; done < options.members; done += membersPerTransaction) {
    const until = Math.min(done + membersPerTransaction, options.members);
    const rows = rowsOf(options, { ...first, item: first.item + BigInt(items) }, [done, until]);
    await writeRows(connection, rows);
    items += rows.billItem.length;
    options.onProgress?.(until);
  }
  const { members } = options;
  return {
    members,
    held: members,
    bills: members * monthsOnBill,
    items,
    firstBillId: String(billIdsOf(first, members, 0).at(-1)) as BillId,
    lastBillId: String(billIdsOf(first, members, members - 1).at(-1)) as BillId,
  };
}

/**
 * The rows of the members from one index up to another, which is not included; `first.item` is the first
 * item's id of these.
 */
function rowsOf(options: SeedOptions, first: FirstIds, [from, until]: [number, number]): Rows {
  const rows = createRows();
  for (let index = from; index < until; index += 1) {
    const member = withOddity(sampleMember(options.seed, first.member + BigInt(index), options.month));
    const firstItem = first.item + BigInt(rows.billItem.length);
    const ids = { bills: billIdsOf(first, options.members, index), firstItem };
    addMember(rows, { member, ids, encrypt: options.encrypt });
  }
  return rows;
}

/**
 * A member's bill ids, oldest first. A billing run writes month by month, so each month's ids are in a row.
 */
function billIdsOf(first: FirstIds, members: number, index: number): bigint[] {
  return Array.from({ length: monthsOnBill }, (_, age) => first.bill + BigInt(age * members + index));
}

async function writeRows(connection: Connection, rows: Rows): Promise<void> {
  await connection.run('begin');
  await copyInto(connection, copyTargets.member, rows.member);
  await copyInto(connection, copyTargets.bill, rows.bill);
  await copyInto(connection, copyTargets.billItem, rows.billItem);
  await copyInto(connection, copyTargets.billNotification, rows.billNotification);
  await connection.run('commit');
}

function checkOptions({ members, seed, month }: SeedOptions): void {
  if (!Number.isSafeInteger(members) || members < 1) {
    throw new BillcastError('USAGE', 'The number of members must be a whole number of 1 or more');
  }
  if (!Number.isSafeInteger(seed)) throw new BillcastError('USAGE', 'The seed must be a whole number');
  if (!/^[1-9]\d{3}-(0[1-9]|1[0-2])-01$/.test(month)) {
    throw new BillcastError('USAGE', 'The month must be the first day of a month, as 2026-11-01');
  }
}
