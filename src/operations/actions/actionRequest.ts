import type { BillId } from '../../bill.ts';
import { findAcceptedAttempts } from '../../db/reads/acceptedAttempts.ts';
import type { Selection } from '../../db/reads/standing.ts';
import { type BounceEvidence, bounceAs } from '../../db/transitions/bounceBills.ts';
import { cancelAs, replacedBy } from '../../db/transitions/cancelBills.ts';
import type { Move } from '../../db/transitions/moveSelected.ts';
import { resendAs } from '../../db/transitions/resendBills.ts';
import { type DoubtVerdict, resolveAs } from '../../db/transitions/resolveBills.ts';
import { retryAs } from '../../db/transitions/retryBills.ts';
import { firstChannel } from '../../ladder.ts';
import type { LadderDeps } from '../operationDeps.ts';
import { refuseInSafeMode } from '../testSends/refuseInSafeMode.ts';
import { withoutPersonalData } from '../withoutPersonalData.ts';

/** The chosen bills, in the form in which they are stored: times are texts. */
interface KeptSelection {
  readonly billIds?: readonly BillId[] | undefined;
  /** `YYYY-MM`. */
  readonly month?: string | undefined;
  readonly reason?: string | undefined;
  readonly doubtedFrom?: string | undefined;
  readonly doubtedBefore?: string | undefined;
}

/** What somebody wants to do to many bills. It is stored as JSON, and read again when the action runs. */
export type ActionRequest =
  | { readonly kind: 'retry'; readonly selection: KeptSelection; readonly askRefused: boolean }
  | { readonly kind: 'resend'; readonly selection: KeptSelection }
  | { readonly kind: 'resolve'; readonly selection: KeptSelection; readonly verdict: DoubtVerdict }
  | {
      readonly kind: 'cancel';
      readonly selection: KeptSelection;
      readonly replacedBy?: BillId | undefined;
    }
  | { readonly kind: 'bounce'; readonly bounces: readonly KeptBounce[] };

interface KeptBounce extends BounceEvidence {
  readonly billId: BillId;
}

/** Who acts and why, for the journal. */
interface Actor {
  /** `person <name>` */
  readonly actor: string;
  readonly reason: string;
}

/** The bills to look at. */
export function selectionOf(request: ActionRequest): Selection {
  switch (request.kind) {
    case 'retry':
      return { ...read(request.selection), sendStatus: 'FAILED' };
    case 'resolve':
      return { ...read(request.selection), sendStatus: 'IN_DOUBT' };
    case 'resend':
    case 'cancel':
      return read(request.selection);
    case 'bounce':
      return { billIds: request.bounces.map(({ billId }) => billId) };
    default:
      return request satisfies never;
  }
}

function read({ billIds, month, reason, doubtedFrom, doubtedBefore }: KeptSelection): Selection {
  return {
    billIds,
    month: month === undefined ? undefined : `${month}-01`,
    reason,
    doubtedFrom: doubtedFrom === undefined ? undefined : new Date(doubtedFrom),
    doubtedBefore: doubtedBefore === undefined ? undefined : new Date(doubtedBefore),
  };
}

/** The transition for the request. @throws BillcastError USAGE in the safe mode */
export async function moveOf(deps: LadderDeps, request: ActionRequest, by: Actor): Promise<Move> {
  const { database } = deps;
  const { ladder } = deps.config;
  if (request.kind !== 'cancel') refuseInSafeMode(deps.config, 'Such an action');
  const first = firstChannel(ladder);
  const { actor, reason } = by;
  switch (request.kind) {
    case 'retry':
      return retryAs(database, { actor, first, asksRefused: request.askRefused });
    case 'resend':
      return resendAs(database, { actor, reason, first });
    case 'resolve':
      return resolveAs(database, { verdict: request.verdict, first, actor, reason });
    case 'cancel': {
      const { replacedBy: newBill } = request;
      return cancelAs(database, {
        actor,
        reason: newBill === undefined ? reason : replacedBy(newBill, reason),
        onlyAsSeen: true,
      });
    }
    case 'bounce': {
      const evidence = evidenceOf(request.bounces);
      const accepted = await findAcceptedAttempts(database, evidence);
      return bounceAs(database, { evidence, accepted, ladder, actor });
    }
    default:
      return request satisfies never;
  }
}

/** The evidence per bill. Addresses are removed from the provider's text. */
function evidenceOf(bounces: readonly KeptBounce[]): Map<BillId, BounceEvidence[]> {
  const byBill = Map.groupBy(bounces, ({ billId }) => billId);
  return new Map(
    [...byBill].map(([billId, reports]) => [
      billId,
      reports.map(({ key, providerId, reason }) => ({
        key,
        providerId,
        reason: reason === undefined ? undefined : withoutPersonalData(reason),
      })),
    ]),
  );
}
