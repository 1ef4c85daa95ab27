import type { BillId } from '../bill.ts';
import { BillcastError } from '../errors.ts';

/** The bills that a person chooses: those that meet all given conditions. */
export interface BillSelection {
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  /** The reason code of the bill's row. */
  readonly reason?: string | undefined;
}

/** The common part of all requests that change selected bills. */
export interface ChangeRequest {
  /** Who asks, for the journal: `person <name>`. */
  readonly actor: string;
  /** Whether to count only, and change nothing. */
  readonly dryRun: boolean;
  /** Called with the number of bills looked at so far. */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/** The common part of what all changes of selected bills report, in bills. */
export interface ChangeFacts {
  readonly dryRun: boolean;
  /** Bills that were named by id, and are unknown or do not meet the other conditions. */
  readonly notFound: number;
  /** Bills whose rows stayed locked by others. */
  readonly busy: number;
  /** Bills whose month is closed, so they are final. */
  readonly monthClosed: number;
  /** The first few of those that can be changed. */
  readonly firstBillIds: readonly BillId[];
}

/**
 * Refuses a change without any condition: it would change all bills.
 * @throws BillcastError USAGE
 */
export function requireCondition(conditions: object): void {
  if (Object.values(conditions).every((condition) => condition === undefined)) {
    throw new BillcastError('USAGE', 'the request names no bills: give at least one condition');
  }
}

/**
 * Refuses a change without a reason, which the journal needs. A dry run needs none.
 * @throws BillcastError USAGE
 */
export function requireReason({ reason, dryRun }: { reason: string; dryRun: boolean }): void {
  if (!dryRun && reason.trim() === '') {
    throw new BillcastError('USAGE', 'the request gives no reason for the journal');
  }
}
