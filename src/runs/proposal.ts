/** What was seen when a run was planned. It is frozen, hashed with the plan, and approved. */
export interface Proposal {
  /** By the database's clock, in microseconds. Bills that are held later are no part of the run. */
  readonly asOf: string;
  /** Bills that the selection names and that are held; null if nobody has counted them. */
  readonly bills: number | null;
  /** Bills that it names and that are not held: released, sent or cancelled already. */
  readonly notHeld: number | null;
  /** Ids that it names and that billcast does not know. */
  readonly unknown: number | null;
  /** Sum of the billed amounts in whole units of the currency; null if the source cannot say. */
  readonly amount: string | null;
  /** Of the held bills, by the channel that each begins with. */
  readonly channels: Readonly<Record<string, number>> | null;
  /** Other open runs that name some of the held bills: whichever releases them first has them. */
  readonly overlaps: readonly { readonly run: string; readonly bills: number }[];
  /** What a forecast of the last day said of just these bills with this template; missing: there was none. */
  readonly forecast?: Readonly<Record<string, unknown>> | undefined;
}

/** How the bills of an approved run stand when it is started. */
export type ProposalVerdict =
  | { readonly kind: 'same' }
  /** Others are gone: another run has them, they were cancelled, or their event came from elsewhere. */
  | { readonly kind: 'fewer'; readonly gone: number }
  | { readonly kind: 'more'; readonly bills: number }
  | { readonly kind: 'amount'; readonly amount: string | null };

/** Compares what was approved with what is held now. */
export function judgeProposal(
  approved: Pick<Proposal, 'bills' | 'amount'>,
  { bills, amount }: { readonly bills: number; readonly amount: string | null },
): ProposalVerdict {
  const before = approved.bills ?? 0;
  if (bills > before) return { kind: 'more', bills };
  if (bills < before) return { kind: 'fewer', gone: before - bills };
  return amount === approved.amount ? { kind: 'same' } : { kind: 'amount', amount };
}
