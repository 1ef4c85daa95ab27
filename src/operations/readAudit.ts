import { type ChainFacts, checkAccessChain } from '../db/accessRecords.ts';
import type { Database } from '../db/database.ts';
import { readDatabaseTime } from '../db/databaseTime.ts';
import { type AccessSum, sumAccessRecords } from '../db/reads/accessSums.ts';
import { monthBounds } from './monthBounds.ts';

/** Something in the access records that a person should look at. */
export interface UnusualAccess {
  readonly who: string;
  readonly what: string;
  readonly count: number;
  readonly why: string;
}

/** A month of access records, for the monthly review. */
export interface AuditReport {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly asOf: Date;
  readonly chain: ChainFacts;
  /** What to look at first. */
  readonly unusual: readonly UnusualAccess[];
  /** Who did what, most frequent first. */
  readonly people: readonly AccessSum[];
}

/** @param request.month `YYYY-MM` in the time zone of the bills */
export async function readAudit(
  { database, timeZone }: { readonly database: Database; readonly timeZone: string },
  { month }: { readonly month: string },
): Promise<AuditReport> {
  const asOf = await readDatabaseTime(database);
  const sums = await sumAccessRecords(database, { ...monthBounds(month, timeZone), timeZone });
  const chain = await checkAccessChain(database);
  return {
    month,
    asOf,
    chain,
    unusual: findUnusual(sums),
    people: sums.toSorted((a, b) => b.count - a.count || b.refused - a.refused),
  };
}

/** The kinds of access that open sealed values. */
const opening: ReadonlySet<string> = new Set(['reveal', 'preview', 'export']);
/** A person is unusual if their count exceeds this multiple of the others' count, and this minimum. */
const timesTheOthers = 3;
const fewestToStandOut = 20;

/**
 * Pure: refused attempts, new tokens, much more than others, at odd hours, for the first time; the gravest
 * come first.
 */
export function findUnusual(sums: readonly AccessSum[]): UnusualAccess[] {
  return [
    ...sums.flatMap((sum) => note(sum, sum.refused, 'was not allowed to, and tried')),
    ...sums.flatMap((sum) => note(sum, sum.what === 'createToken' ? sum.count : 0, 'gave somebody access')),
    ...sums.flatMap((sum) => note(sum, standsOut(sum, sums) ? sum.count : 0, 'far more often than others')),
    ...sums.flatMap((sum) => note(sum, opening.has(sum.what) ? sum.offHours : 0, 'at night or on a weekend')),
    ...sums.flatMap((sum) => note(sum, sum.before ? 0 : sum.count, 'for the first time')),
  ];
}

function note({ who, what }: AccessSum, count: number, why: string): UnusualAccess[] {
  return count > 0 ? [{ who, what, count, why }] : [];
}

function standsOut(sum: AccessSum, sums: readonly AccessSum[]): boolean {
  if (sum.count < fewestToStandOut) return false;
  const others = sums.filter(({ who, what }) => what === sum.what && who !== sum.who);
  if (others.length === 0) return false;
  const counts = others.map(({ count }) => count).sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  return sum.count > timesTheOthers * median;
}
