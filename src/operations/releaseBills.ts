import type { BillId } from '../bill.ts';
import { readControl } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import { readClusterHealth } from '../db/reads/clusterHealth.ts';
import { countHeldBills, type HeldBills } from '../db/reads/heldBills.ts';
import { expectSms } from '../db/smsExpectation.ts';
import { createRelease, releaseNamed } from '../db/transitions/releaseHeld.ts';
import { BillcastError } from '../errors.ts';
import type { Ladder } from '../ladder.ts';
import type { OperationDeps } from './operationDeps.ts';
import { refuseUnapproved } from './runs/fourEyes.ts';
import { openPublishedRun } from './runs/publishedRun.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';

export interface HeldSelection {
  /** Only these bills. If missing: the held bills of the month, or of all months. */
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of a billing month as `YYYY-MM-DD`; the held bills of all months if it is missing. */
  readonly month?: string | undefined;
  /** They are sent from this time on; at once if missing. */
  readonly notBefore?: Date | undefined;
}

export interface ReleaseRequest extends HeldSelection {
  /**
   * The share of the month's bills that may turn to SMS, 0 to 1, instead of `SMS_TURN_STOP_RATE`. Needs
   * `month`.
   */
  readonly smsShare?: number | undefined;
  /** Who publishes: `person <name>`. */
  readonly actor: string;
}

export interface ReleaseFacts {
  /** Bills released now. */
  readonly published: number;
  /** If a larger share of bills turns to SMS, the brake stops sending: 0 to 1. */
  readonly smsLimit: number;
  /** Dispatchers that are alive: without one, nothing is sent. */
  readonly dispatchers: number;
  readonly isPaused: boolean;
}

/** Counts what a release would release. */
export function previewRelease(
  { database }: Pick<OperationDeps, 'database'>,
  { month }: HeldSelection,
): Promise<HeldBills> {
  return countHeldBills(database, { month });
}

/**
 * Releases held bills, as a run of their own, and reads whether anything stops them.
 * @param onProgress called after each transaction with the bills released so far
 * @throws BillcastError USAGE for a share of SMS without a month; APPROVAL_NEEDED with FOUR_EYES
 */
export async function releaseBills(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  request: ReleaseRequest,
  onProgress?: (released: number) => void,
): Promise<ReleaseFacts> {
  refuseInSafeMode(config, 'Publishing');
  await refuseUnapproved({ config, database });
  const { smsShare, actor: _, ...which } = request;
  const { month } = which;
  if (smsShare !== undefined && month === undefined) {
    throw new BillcastError('USAGE', 'an expected share of SMS is for one month: say which');
  }
  const expected = month === undefined ? null : await expectSms(database, { month, share: smsShare });
  const run = await openPublishedRun({ config, database }, request);
  const release = { ...which, order: config.ladder.order, run };
  const published = run === undefined ? 0 : await releaseAll(database, release, onProgress);
  const { alive } = await readClusterHealth(database, config.claimTtlMs);
  const { paused } = await readControl(database);
  return {
    published,
    smsLimit: expected ?? config.brakeLimits.smsTurns,
    dispatchers: alive,
    isPaused: paused,
  };
}

const billsPerStep = 5_000;

/**
 * Releases held bills, a few thousand per transaction. A bill that is released already is not counted again.
 * @param onProgress called after each transaction with the bills released so far
 * @returns bills
 */
export async function releaseAll(
  database: Database,
  which: HeldSelection & Pick<Ladder, 'order'> & { readonly run?: number | undefined },
  onProgress: (released: number) => void = () => undefined,
): Promise<number> {
  const { billIds, notBefore, order, run } = which;
  if (billIds !== undefined) return releaseNamed(database, { billIds, notBefore, order, run });
  const release = createRelease(database, which);
  let total = 0;
  for (let count = billsPerStep; count === billsPerStep; ) {
    count = await release.next(billsPerStep);
    total += count;
    onProgress(total);
  }
  return total;
}
