import type { BillId } from '../bill.ts';
import { findAcceptedAttempts } from '../db/reads/acceptedAttempts.ts';
import { type BounceEvidence, bounceAs } from '../db/transitions/bounceBills.ts';
import { moveSelected } from '../db/transitions/moveSelected.ts';
import type { ChangeFacts, ChangeRequest } from './billSelection.ts';
import type { LadderDeps } from './operationDeps.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';
import { withoutPersonalData } from './withoutPersonalData.ts';

/** An accepted message that came back. */
export interface BounceReport {
  readonly billId: BillId;
  /** The attempt's key, such as `42:EMAIL:1`, or the provider's id of the message. */
  readonly attempt?: string | undefined;
  /** The reason for the journal. Addresses and long numbers are removed from it. */
  readonly reason?: string | undefined;
}

export interface BounceRequest extends ChangeRequest {
  readonly reports: readonly BounceReport[];
}

/** The result, in bills. */
export interface BounceFacts extends ChangeFacts {
  readonly turnable: number;
  readonly turnedToSms: number;
  readonly notDelivered: number;
  readonly deliveredBySms: number;
  /** Reports about an attempt before the last one. */
  readonly otherAttempt: number;
  /** Bills that were DELIVERED before billcast got them. */
  readonly notSentByBillcast: number;
  /** Reports about bills that another report names too. */
  readonly repeated: number;
}

/** Records messages that were accepted and came back: their bills go on by the next channel. */
export async function bounce(
  { config, database }: LadderDeps,
  { reports, actor, dryRun, onProgress }: BounceRequest,
): Promise<BounceFacts> {
  refuseInSafeMode(config, 'A bounce');
  const evidence = Map.groupBy(reports, ({ billId }) => billId);
  const evidenceOf = new Map([...evidence].map(([billId, all]) => [billId, all.map(evidenceIn)]));
  const accepted = await findAcceptedAttempts(database, evidenceOf);
  const { movable, moved, busy, notFound, monthClosed, because, firstBillIds } = await moveSelected(
    database,
    {
      selection: { billIds: [...evidenceOf.keys()] },
      move: bounceAs(database, { evidence: evidenceOf, accepted, ladder: config.ladder, actor }),
      dryRun,
      onProgress,
    },
  );
  const { notDelivered = 0, deliveredBySms = 0, notSentByBillcast = 0, otherAttempt = 0 } = because;
  return {
    dryRun,
    turnable: movable,
    turnedToSms: moved,
    notDelivered,
    deliveredBySms,
    otherAttempt,
    notSentByBillcast,
    notFound,
    busy,
    repeated: reports.length - evidenceOf.size,
    monthClosed,
    firstBillIds,
  };
}

const keyPattern = /^\d+:[A-Z]+:\d+$/;

function evidenceIn({ attempt, reason }: BounceReport): BounceEvidence {
  return {
    ...(attempt === undefined ? {} : keyPattern.test(attempt) ? { key: attempt } : { providerId: attempt }),
    ...(reason === undefined ? {} : { reason: withoutPersonalData(reason) }),
  };
}
