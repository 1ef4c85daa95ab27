import type { Connection } from '../../src/db/database.ts';
import { type CipherOptions, createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { amountsOf } from '../../src/sample/amounts.ts';
import { copyInto } from '../../src/sample/copy.ts';
import { addMember, copyTargets, createRows, type Encrypt, type Rows } from '../../src/sample/copyRows.ts';
import { monthsOnBill, type SampleBill } from '../../src/sample/makeBill.ts';
import { type SampleMember, sampleMember } from '../../src/sample/member.ts';
import type { BenchOptions } from './options.ts';
import { addHistory } from './seedHistory.ts';
import { type BenchServers, connect, say } from './system/benchServers.ts';
import type { BenchDatabase } from './system/databases.ts';
import { throwIfInterrupted } from './system/interruption.ts';

type SeedOptions = Pick<BenchOptions, 'bills' | 'items' | 'cipher' | 'history'>;

/** The month of the bills that are sent. */
const benchMonth = '2026-11-01';

/** The passphrase of the sample data if the cipher is pgp. */
export const benchPassphrase = 'billcast-bench';

/**
 * Fills an empty database with the same sample members every time. Each bill has exactly `items` lines, and
 * no member has quiet hours, which would make the run depend on the time of day.
 */
export async function seedBills(
  servers: BenchServers,
  { url }: BenchDatabase,
  options: SeedOptions,
): Promise<void> {
  const database = connect(servers, url);
  const ciphers = createFieldCiphers(cipherSettings(servers, options));
  try {
    await database.withConnection(async (connection) => {
      for (let first = 1; first <= options.bills; first += membersPerTransaction) {
        await writeRows(connection, rowsFrom(first, options, ciphers.seal));
      }
      await addHistory(connection, options);
      await connection.run('vacuum (freeze, analyze)');
    });
  } finally {
    await database.close();
  }
}

/** Ids start at 1. The bills to send come after those of the three months before. */
export function firstBillId(bills: number): number {
  return (monthsOnBill - 1) * bills + 1;
}

export function lastBillIdOf(bills: number): number {
  return monthsOnBill * bills;
}

const membersPerTransaction = 1_000;
const seed = 1;

/** The settings that go with pgp. Only e-mail and phone are encrypted, as users of pgcrypto have it. */
export const plainBesidePgp = {
  name: 'none',
  address: 'none',
  paymentOwnerName: 'none',
  paymentNumber: 'none',
} as const;

function cipherSettings({ config }: BenchServers, { cipher }: SeedOptions): CipherOptions {
  return {
    fallback: cipher,
    fields: cipher === 'pgp' ? plainBesidePgp : {},
    keys: config.cipher.keys,
    accept: config.cipher.accept,
    pgp: { passphrase: benchPassphrase },
  };
}

function rowsFrom(first: number, { bills, items }: SeedOptions, encrypt: Encrypt): Rows {
  throwIfInterrupted();
  const rows = createRows();
  const last = Math.min(first + membersPerTransaction - 1, bills);
  for (let memberId = first; memberId <= last; memberId += 1) {
    const billIds = Array.from({ length: monthsOnBill }, (_, age) => BigInt(age * bills + memberId));
    const ids = { bills: billIds, firstItem: BigInt((memberId - 1) * items + 1) };
    addMember(rows, { member: benchMember(memberId, items), ids, encrypt });
  }
  if (last % 50_000 === 0) say(`${last.toLocaleString('en')} bills are added.`);
  return rows;
}

function benchMember(memberId: number, items: number): SampleMember {
  const member = sampleMember(seed, BigInt(memberId), benchMonth);
  return { ...member, doNotDisturb: null, bills: member.bills.map((bill) => withItems(bill, items)) };
}

/** Repeats or drops lines, and computes the amounts again. */
function withItems(bill: SampleBill, count: number): SampleBill {
  const items = Array.from({ length: count }, (_, index) => bill.items[index % bill.items.length]).filter(
    (item) => item !== undefined,
  );
  return { ...bill, items, amounts: amountsOf(items, bill.amounts.unpaidAmount) };
}

async function writeRows(connection: Connection, rows: Rows): Promise<void> {
  await connection.run('begin');
  await copyInto(connection, copyTargets.member, rows.member);
  await copyInto(connection, copyTargets.bill, rows.bill);
  await copyInto(connection, copyTargets.billItem, rows.billItem);
  await copyInto(connection, copyTargets.billNotification, rows.billNotification);
  await connection.run('commit');
}
