import { moveSelected } from '../db/transitions/moveSelected.ts';
import { retryAs } from '../db/transitions/retryBills.ts';
import { turnBackAs } from '../db/transitions/turnBack.ts';
import { countRefusedBefore } from '../db/unwantedAddresses.ts';
import { firstChannel } from '../ladder.ts';
import {
  type BillSelection,
  type ChangeFacts,
  type ChangeRequest,
  requireCondition,
} from './billSelection.ts';
import type { LadderDeps } from './operationDeps.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';

export interface RetryRequest extends ChangeRequest {
  readonly selection: BillSelection;
  /** Also sends to addresses that were refused for good and have not changed. */
  readonly askRefused: boolean;
}

/** The result, in bills. */
export interface RetryFacts extends ChangeFacts {
  readonly retryable: number;
  /**
   * How many of these bills have an address that was refused. Without `askRefused` it is tried only if it has
   * changed.
   */
  readonly refusedBefore: number;
  readonly retried: number;
  /** Failed bills whose dead letter is not published yet: try them again in a moment. */
  readonly deadLetterOwed: number;
  readonly notFailed: number;
}

/**
 * Starts the next cycle of failed bills.
 * @throws BillcastError USAGE for a selection without any condition
 */
export async function retry(
  { config, database }: LadderDeps,
  { selection, actor, askRefused, dryRun, onProgress }: RetryRequest,
): Promise<RetryFacts> {
  refuseInSafeMode(config, 'A retry');
  requireCondition(selection);
  let refusedBefore = 0;
  const report = await moveSelected(database, {
    selection: { ...selection, sendStatus: 'FAILED' },
    move: retryAs(database, { actor, first: firstChannel(config.ladder), asksRefused: askRefused }),
    dryRun,
    onProgress,
    onMovable: async (billIds) => {
      refusedBefore += await countRefusedBefore(database, billIds);
    },
  });
  const { selected, movable, moved, busy, notFound, monthClosed, left, firstBillIds } = report;
  const deadLetterOwed = left.FAILED ?? 0;
  return {
    dryRun,
    retryable: movable,
    refusedBefore,
    retried: moved,
    deadLetterOwed,
    notFailed: selected - movable - deadLetterOwed - monthClosed,
    notFound,
    busy,
    monthClosed,
    firstBillIds,
  };
}

export interface TurnToEmailRequest extends ChangeRequest {
  readonly selection: BillSelection;
}

/** The result, in bills. */
export interface TurnToEmailFacts extends ChangeFacts {
  readonly turnable: number;
  readonly turnedBack: number;
  /** Bills that are on the first channel already. */
  readonly byEmail: number;
  readonly held: number;
  readonly notPending: number;
}

/**
 * Turns pending bills of other channels back to the first one, in their next cycle.
 * @throws BillcastError USAGE for a selection without any condition
 */
export async function turnToEmail(
  { config, database }: LadderDeps,
  { selection, actor, dryRun, onProgress }: TurnToEmailRequest,
): Promise<TurnToEmailFacts> {
  refuseInSafeMode(config, 'A retry');
  requireCondition(selection);
  const { movable, moved, busy, notFound, monthClosed, because, firstBillIds } = await moveSelected(
    database,
    {
      selection: { ...selection, sendStatus: 'PENDING' },
      move: turnBackAs(database, { actor, first: firstChannel(config.ladder) }),
      dryRun,
      onProgress,
    },
  );
  const { byEmail = 0, held = 0, notPending = 0 } = because;
  return {
    dryRun,
    turnable: movable,
    turnedBack: moved,
    byEmail,
    held,
    notPending,
    notFound,
    busy,
    monthClosed,
    firstBillIds,
  };
}
