import { moneyText } from '../lib/moneyText.ts';

/** SHA-256 in hex over the ids of bills and their amounts. */
export interface Fingerprint {
  /** Over the held bills. */
  readonly bills: string;
  /** Over all bills of the selection, except those that were held later. */
  readonly selection: string;
}

/** The facts at the time when a run was planned. They are frozen, hashed with the plan, and approved. */
export interface Proposal {
  /** The time by the database's clock, in microseconds. Bills that were held later are no part of the run. */
  readonly asOf: string;
  /** Held bills of the selection; null if nobody has counted them. */
  readonly bills: number | null;
  /** Bills of the selection that are not held: released, sent or cancelled already. */
  readonly notHeld: number | null;
  /** Bills of the selection that were held after `asOf`. Missing in proposals of older versions. */
  readonly heldLater?: number | undefined;
  /** Ids of the selection that billcast does not know. */
  readonly unknown: number | null;
  /** Sum of the billed amounts in whole minor units; null if the source cannot say. */
  readonly amount: string | null;
  /** The currency of that sum; null if the bills have several. Missing in proposals of older versions. */
  readonly currency?: string | null | undefined;
  /** Missing in proposals of older versions. */
  readonly fingerprint?: Fingerprint | undefined;
  /** Held bills by the channel with which each begins. */
  readonly channels: Readonly<Record<string, number>> | null;
  /** Other open runs that name some of the held bills: the run that releases a bill first has it. */
  readonly overlaps: readonly { readonly run: string; readonly bills: number }[];
  /** A forecast of the last day for exactly these bills and this template; missing if there was none. */
  readonly forecast?: Readonly<Record<string, unknown>> | undefined;
}

export type ProposedSum = Pick<Proposal, 'amount' | 'currency'>;

/** What has become of the bills of an approved run when it is started. */
export type ProposalVerdict =
  | { readonly kind: 'same' }
  /** Some bills are gone: another run has them, they were cancelled, or their event came from elsewhere. */
  | { readonly kind: 'fewer'; readonly gone: number }
  | { readonly kind: 'more'; readonly bills: number }
  | { readonly kind: 'amount'; readonly now: ProposedSum }
  /** Bills were exchanged, or amounts were changed. */
  | { readonly kind: 'others'; readonly gone: number };

/**
 * Compares the approved bills with those that are held now. If some are gone, nobody knows which, so in that
 * case nothing of the whole selection may have changed.
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

/** In which way the bills differ from the approved ones; undefined if they do not. */
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

/** A sum with its currency. Amounts in several currencies have no sum. */
export function sumText({ amount, currency }: ProposedSum): string {
  if (amount === null) return 'unknown, as the source gives none';
  if (currency === undefined) return `${BigInt(amount).toLocaleString('en')} minor units`;
  return currency === null ? 'in several currencies' : moneyText(amount, currency);
}
