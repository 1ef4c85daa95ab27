import { moneyText } from '../lib/moneyText.ts';

/** SHA-256 in hex over the ids of bills and their amounts. */
export interface Fingerprint {
  /** Of the held ones. */
  readonly bills: string;
  /** Of all that the selection names, but for those that are held since later. */
  readonly selection: string;
}

/** What was seen when a run was planned. It is frozen, hashed with the plan, and approved. */
export interface Proposal {
  /** By the database's clock, in microseconds. Bills that are held later are no part of the run. */
  readonly asOf: string;
  /** Bills that the selection names and that are held; null if nobody has counted them. */
  readonly bills: number | null;
  /** Bills that it names and that are not held: released, sent or cancelled already. */
  readonly notHeld: number | null;
  /** Bills that it names and that are held, but only after `asOf`. Missing in proposals of older versions. */
  readonly heldLater?: number | undefined;
  /** Ids that it names and that billcast does not know. */
  readonly unknown: number | null;
  /** Sum of the billed amounts in whole minor units; null if the source cannot say. */
  readonly amount: string | null;
  /** Of that sum; null if the bills have several. Missing in proposals of older versions. */
  readonly currency?: string | null | undefined;
  /** Missing in proposals of older versions. */
  readonly fingerprint?: Fingerprint | undefined;
  /** Of the held bills, by the channel that each begins with. */
  readonly channels: Readonly<Record<string, number>> | null;
  /** Other open runs that name some of the held bills: whichever releases them first has them. */
  readonly overlaps: readonly { readonly run: string; readonly bills: number }[];
  /** What a forecast of the last day said of just these bills with this template; missing: there was none. */
  readonly forecast?: Readonly<Record<string, unknown>> | undefined;
}

export type ProposedSum = Pick<Proposal, 'amount' | 'currency'>;

/** How the bills of an approved run stand when it is started. */
export type ProposalVerdict =
  | { readonly kind: 'same' }
  /** Others are gone: another run has them, they were cancelled, or their event came from elsewhere. */
  | { readonly kind: 'fewer'; readonly gone: number }
  | { readonly kind: 'more'; readonly bills: number }
  | { readonly kind: 'amount'; readonly now: ProposedSum }
  /** Bills were exchanged, or amounts. */
  | { readonly kind: 'others'; readonly gone: number };

/**
 * Compares what was approved with what is held now. If some are gone nobody knows which, so then nothing of
 * the whole selection may have changed.
 */
export function judgeProposal(
  approved: Pick<Proposal, 'bills' | 'amount' | 'fingerprint'>,
  now: ProposedSum & { readonly bills: number; readonly fingerprint: Fingerprint },
): ProposalVerdict {
  const before = approved.bills ?? 0;
  const { bills, amount } = now;
  const fingerprint = approved.fingerprint ?? now.fingerprint;
  if (bills > before) return { kind: 'more', bills };
  const gone = before - bills;
  if (gone > 0) {
    return fingerprint.selection === now.fingerprint.selection
      ? { kind: 'fewer', gone }
      : { kind: 'others', gone };
  }
  if (amount !== approved.amount) return { kind: 'amount', now: { amount, currency: now.currency } };
  return fingerprint.bills === now.fingerprint.bills ? { kind: 'same' } : { kind: 'others', gone };
}

/** What of the bills is not as it was approved; undefined if nothing is. */
export function whatChanged(
  approved: ProposedSum & Pick<Proposal, 'bills'>,
  verdict: ProposalVerdict,
): string | undefined {
  switch (verdict.kind) {
    case 'same':
    case 'fewer':
      return undefined;
    case 'more':
      return `${approved.bills ?? 0} bills were approved, and ${verdict.bills} are held now`;
    case 'amount':
      return `their sum was ${sumText(approved)} when they were approved, and is ${sumText(verdict.now)} now`;
    case 'others':
      return verdict.gone === 0
        ? 'they are as many, with the same sum, but bills were exchanged, or amounts between them'
        : `${verdict.gone} of them are gone, and beside that bills of the selection were exchanged, or their amounts changed`;
    default:
      return verdict satisfies never;
  }
}

/** A sum in its currency: amounts of several currencies have none. */
export function sumText({ amount, currency }: ProposedSum): string {
  if (amount === null) return 'unknown, as the source gives none';
  if (currency === undefined) return `${BigInt(amount).toLocaleString('en')} minor units`;
  return currency === null ? 'in several currencies' : moneyText(amount, currency);
}
