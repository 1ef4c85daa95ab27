import type { BillId } from '../bill.ts';
import { BillcastError } from '../errors.ts';

/** The bills that a person means: those that meet every condition given. */
export interface BillSelection {
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  /** The reason code of the bill's row. */
  readonly reason?: string | undefined;
}

/** What every request that changes selected bills has. */
export interface ChangeRequest {
  /** Who asks, for the journal: `person <name>`. */
  readonly actor: string;
  /** Only counts, and changes nothing. */
  readonly dryRun: boolean;
  /** Called with the bills looked at so far. */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/** What every change of selected bills reports, in bills. */
export interface ChangeFacts {
  readonly dryRun: boolean;
  /** Named by id, and unknown or outside of the other conditions. */
  readonly notFound: number;
  /** Their rows stayed locked by others. */
  readonly busy: number;
  /** Their month is closed, so they are final. */
  readonly monthClosed: number;
  /** The first few of those that can be changed. */
  readonly firstBillIds: readonly BillId[];
}

/**
 * A change without any condition would be one of all bills.
 * @throws BillcastError USAGE
 */
export function requireCondition(conditions: object): void {
  if (Object.values(conditions).every((condition) => condition === undefined)) {
    throw new BillcastError('USAGE', 'the request names no bills: give at least one condition');
  }
}

/** @throws BillcastError USAGE for a change without a reason for the journal; a dry run writes none */
export function requireReason({ reason, dryRun }: { reason: string; dryRun: boolean }): void {
  if (!dryRun && reason.trim() === '') {
    throw new BillcastError('USAGE', 'the request gives no reason for the journal');
  }
}
