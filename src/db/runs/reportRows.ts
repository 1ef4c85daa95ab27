import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Selection } from '../../runs/plan.ts';

/** Where the bills of a billing batch stand; each bill is in one of these. */
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

/** Also beside the batch. `noRow`: billcast was not given the bill; `elsewhere`: another run has it. */
export const reportStates = [...reportEnds, 'noRow', 'elsewhere'] as const;

export type ReportState = (typeof reportStates)[number];

/** Which bills a report is about. */
export interface ReportScope {
  /** Among these they are looked for. */
  readonly selection: Selection;
  /** Only those of this run; all of the selection if it is missing. */
  readonly run?: number | undefined;
  /** Held since then or longer, a bill is one that the run would still release; by the database's clock. */
  readonly heldSince?: string | undefined;
}

/** What a provider said of a delivered message later. */
export type ReceiptWord = 'confirmed' | 'relayed' | 'bounced' | 'complained' | 'none';

/** Bills of a window that are alike in all that a report tells apart. */
export interface ReportGroup {
  readonly state: ReportState;
  readonly run: number;
  readonly channel: Channel | null;
  /** The channels of the cycle, in their order. */
  readonly path: readonly Channel[];
  readonly reason: string | null;
  /** Who had the last attempt; null: nobody, or it is not known. */
  readonly provider: string | null;
  readonly receipt: ReceiptWord | null;
  /** FAILED, and it is sent again by itself. */
  readonly isRetried: boolean;
  /** DELIVERED, and the journal has nobody's word for it. */
  readonly isUnproved: boolean;
  /** Null if the source does not give the amount. */
  readonly currency: string | null;
  readonly bills: number;
  readonly amount: bigint;
  /** The first few, if something is wrong with them. */
  readonly billIds: readonly BillId[];
}

/** Attempts of a window that are alike. */
export interface AttemptGroup {
  readonly provider: string | null;
  readonly channel: Channel;
  readonly outcome: string;
  readonly attempts: number;
  /** Messages: one per bill and cycle. */
  readonly messages: number;
  /** Of these, those that the journal knows to be long (LMS). */
  readonly longMessages: number;
  /** Of these, those whose entry is of the answer to the send: it says whether they are long. */
  readonly answered: number;
}

/** Part of a report. */
export interface ReportWindow {
  readonly rows: number;
  readonly upTo: BillId | null;
  readonly groups: readonly ReportGroup[];
  readonly attempts: readonly AttemptGroup[];
  /** Accepted twice in one cycle without a bounce between. */
  readonly acceptedTwice: readonly BillId[];
}

/** A sum of a part of the scope, to compare the windows with. */
export interface PlainSum {
  readonly currency: string | null;
  readonly bills: number;
  readonly amount: bigint;
}

/** A bill with the address that is stored of its member. */
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

/** Where a window begins, behind a bill, and how many bills it has at most. */
export interface WindowPlace {
  readonly after: string;
  readonly rows: number;
}

/** One moment of the database: whatever is read of it belongs together. */
export interface ReportSnapshot {
  readonly asOf: Date;
  window(place: WindowPlace): Promise<ReportWindow>;
  contacts(place: WindowPlace): Promise<ContactWindow>;
  sums(): Promise<PlainSum[]>;
}

export interface SnapshotOptions {
  readonly scope: ReportScope;
  /** Of bills that name none. */
  readonly currency: string;
  /** Whether the source gives amounts. */
  readonly hasAmounts: boolean;
}

/** How many bills of a kind are named. */
export const billsNamed = 20;
