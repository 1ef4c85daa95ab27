import pg from 'pg';
import { type BillId, type Claim, compareIds, type SettlingTransition } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { contentHashBytes } from '../../render/proof/contentHasher.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import { type ExtraColumn, type SettlingStatements, settlingStatements } from './settlingStatements.ts';

/** The answer to one claim, to be written to its row and to the journal. */
export interface Settlement {
  readonly claim: Pick<Claim, 'billId' | 'channel' | 'cycle' | 'token'>;
  /** How long the attempt took; the database's clock turns it into times of day. */
  readonly elapsedMs: number;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  /** The hash of the address that was refused for good; only refusals store it. */
  readonly addressHash?: string | undefined;
  /** The hash of the content: 40 bytes in Latin-1. Only acceptances and doubts store it. */
  readonly contentHash?: string | undefined;
  /** For PENDING: how long the bill waits. For FAILED: the time until its retransmission, if there is one. */
  readonly delayMs?: number | undefined;
  /** The next channel, if the bill turns to it. */
  readonly next?: Channel | undefined;
}

/** The settlements that changed nothing because their row had moved on, by `settlementKeyOf`. */
export type TooLate = ReadonlySet<string>;

export function settlementKeyOf(claim: Pick<Claim, 'billId' | 'token'>): string {
  return `${claim.billId}/${claim.token}`;
}

/**
 * Settles claims by one transition and journals every one of them.
 * @param actor who found the answer, for the journal: `dispatcher host:pid`, `sweeper host:pid`
 * @returns those that no longer held their token. There are hardly any, so nothing is returned for the others
 */
export async function settle(
  database: Database,
  transition: SettlingTransition,
  { settlements: answers, actor }: { settlements: readonly Settlement[]; actor: string },
): Promise<TooLate> {
  // Sorted, as in every statement on many rows, so that overlapping ones wait for each other and do not
  // deadlock.
  const settlements = answers.toSorted((a, b) => compareIds(a.claim.billId, b.claim.billId));
  const statements = settlingStatements[transition];
  const rows = await ask(database, statements, [
    plainArray(settlements.map(({ claim }) => claim.billId)),
    plainArray(settlements.map(({ claim }) => claim.token)),
    plainArray(settlements.map(({ claim }) => claim.cycle)),
    plainArray(settlements.map(({ claim }) => claim.channel)),
    plainArray(settlements.map(({ elapsedMs }) => elapsedMs.toFixed(1))),
    unlessAllMissing(settlements.map(({ reason }) => reason)),
    unlessAllMissing(settlements.map(({ providerId }) => providerId)),
    unlessAllMissing(settlements.map(({ delayMs }) => delayMs)),
    actor,
    ...statements.extraColumns.map((column) => extraValues(column, settlements)),
  ]);
  return new Set(rows.map(([billId, token]) => settlementKeyOf({ billId, token })));
}

function extraValues(column: ExtraColumn, settlements: readonly Settlement[]): unknown {
  switch (column) {
    case 'address_hash':
      return unlessAllMissing(settlements.map(({ addressHash }) => addressHash));
    case 'content_hash':
      return contentHashes(settlements);
    case 'next_channel':
      return plainArray(settlements.map(demandNext));
    default:
      return column satisfies never;
  }
}

/** All hashes as one value, which costs the driver and the server less than an array. */
function contentHashes(settlements: readonly Settlement[]): Buffer | null {
  if (settlements.every(({ contentHash }) => contentHash === undefined)) return null;
  return Buffer.from(settlements.map(({ contentHash = noContentHash }) => contentHash).join(''), 'latin1');
}

const noContentHash = '\0'.repeat(contentHashBytes);

function demandNext({ claim, next }: Settlement): Channel {
  if (next === undefined) throw new RangeError(`bill ${claim.billId}: no channel after ${claim.channel}`);
  return next;
}

/**
 * Nearly always no entry is journalled yet, and an insert that need not expect one costs 3 us less per bill.
 * If there is an entry (the commit of a first try succeeded and its answer was lost), this try fails as a
 * whole and changes nothing.
 */
async function ask(
  database: Database,
  { first, again }: SettlingStatements,
  values: unknown[],
): Promise<[BillId, Claim['token']][]> {
  try {
    return await database.query(first, values);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return await database.query(again, values);
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** `unnest` gives null if an array is too short or missing. */
function unlessAllMissing<T>(values: readonly (T | undefined)[]): readonly (T | undefined)[] | null {
  return values.every((value) => value === undefined) ? null : values;
}
