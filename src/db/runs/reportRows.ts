import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Selection } from '../../runs/plan.ts';

/** The end states of the bills in a billing batch. Each bill is in one of these. */
export const reportEnds = [
  'delivered',
  'failed',
  'cancelled',
  'inDoubt',
  'held',
  'waiting',
  'inProgress',
] as const;

export type ReportEnd = (typeof reportEnds)[number];

/**
 * All states, including those outside the batch. `noRow`: billcast was not given the bill; `elsewhere`:
 * another run has it.
 */
export const reportStates = [...reportEnds, 'noRow', 'elsewhere'] as const;

export type ReportState = (typeof reportStates)[number];

/** The bills that a report is about. */
export interface ReportScope {
  /** The bills among which they are searched. */
  readonly selection: Selection;
  /** Only bills of this run; if missing, all of the selection. */
  readonly run?: number | undefined;
  /**
   * A bill that has been held since this time or longer, by the database's clock, is one that the run would
   * still release.
   */
  readonly heldSince?: string | undefined;
}

/** What a provider said later about a delivered message. */
export type ReceiptWord = 'confirmed' | 'relayed' | 'bounced' | 'complained' | 'none';

/** Bills of a window that are the same in everything that a report distinguishes. */
export interface ReportGroup {
  readonly state: ReportState;
  readonly run: number;
  readonly channel: Channel | null;
  /** The channels of the cycle, in their order. */
  readonly path: readonly Channel[];
  readonly reason: string | null;
  /** The provider of the last attempt; null if there was none, or it is not known. */
  readonly provider: string | null;
  readonly receipt: ReceiptWord | null;
  /** FAILED, and sent again automatically. */
  readonly isRetried: boolean;
  /** DELIVERED, although the journal has no evidence for it. */
  readonly isUnproved: boolean;
  /** Null if the source does not give the amount. */
  readonly currency: string | null;
  readonly bills: number;
  readonly amount: bigint;
  /** The first few, if something is wrong with them. */
  readonly billIds: readonly BillId[];
}

/** Attempts of a window with the same properties. */
export interface AttemptGroup {
  readonly provider: string | null;
  readonly channel: Channel;
  readonly outcome: string;
  readonly attempts: number;
  /** Messages: one per bill and cycle. */
  readonly messages: number;
  /** How many of these are long (LMS) according to the journal. */
  readonly longMessages: number;
  /** How many of these have an entry for the answer to their send, which says whether they are long. */
  readonly answered: number;
}

/** The part of a report that one window gives. */
export interface ReportWindow {
  readonly rows: number;
  readonly upTo: BillId | null;
  readonly groups: readonly ReportGroup[];
  readonly attempts: readonly AttemptGroup[];
  /** Bills that were accepted twice in one cycle without a bounce in between. */
  readonly acceptedTwice: readonly BillId[];
}

/** A sum over a part of the scope, to be compared with the windows. */
export interface PlainSum {
  readonly currency: string | null;
  readonly bills: number;
  readonly amount: bigint;
}

/** A bill with the stored address of its member. */
export interface ContactRow {
  readonly state: ReportState;
  readonly memberId: string;
  /** Sealed. */
  readonly email: string | null;
  readonly currency: string | null;
  readonly amount: bigint;
}

export interface ContactWindow {
  readonly rows: number;
  readonly upTo: BillId | null;
  readonly contacts: readonly ContactRow[];
}

/** The bill behind which a window begins, and the most bills in it. */
export interface WindowPlace {
  readonly after: string;
  readonly rows: number;
}

/** The database at one moment: everything that is read of it is consistent. */
export interface ReportSnapshot {
  readonly asOf: Date;
  window(place: WindowPlace): Promise<ReportWindow>;
  contacts(place: WindowPlace): Promise<ContactWindow>;
  sums(): Promise<PlainSum[]>;
}

export interface SnapshotOptions {
  readonly scope: ReportScope;
  /** The currency of bills that name none. */
  readonly currency: string;
  /** Whether the source gives amounts. */
  readonly hasAmounts: boolean;
}

/** How many bills of a kind are named by id. */
export const billsNamed = 20;
