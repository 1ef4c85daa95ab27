import type { BillId } from '../../../bill.ts';
import type { Channel } from '../../../channels.ts';
import type { StatementFacts } from '../../../db/runs/providerStatements.ts';
import type { ReceiptWord, ReportEnd } from '../../../db/runs/reportRows.ts';

export interface SumFacts {
  readonly bills: number;
  /** By currency, in whole minor units as digits; null if the source gives no amounts. */
  readonly amounts: Readonly<Record<string, string>> | null;
}

export type EndFacts = Readonly<Record<ReportEnd, SumFacts>>;

export interface ReasonFacts extends SumFacts {
  readonly state: ReportEnd;
  readonly reason: string | null;
  readonly meaning: string | null;
  /** How many of these are sent again automatically. */
  readonly retried: number;
}

export interface ProviderFacts {
  /** The provider's name in the settings; null if it is not known. */
  readonly provider: string | null;
  readonly channel: Channel;
  /** Accepted messages: one per bill and cycle. */
  readonly messages: number;
  /** Entries of the journal by their outcome. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly delivered: SumFacts;
  readonly inDoubt: SumFacts;
  /** How many of these went out as LMS. Missing in reports that older versions signed. */
  readonly longMessages?: number | undefined;
  /** The price of one accepted message; null if the settings give none. */
  readonly price: string | null;
  readonly cost: string | null;
  /**
   * Whether the real cost may be higher: for some messages it is unknown whether they were long, or what a
   * long one costs.
   */
  readonly costIsLeast: boolean;
}

export interface DomainFacts {
  readonly top: readonly (EndFacts & { readonly domain: string })[];
  readonly rest: EndFacts & { readonly domains: number };
  readonly withoutAddress: EndFacts;
  /** Bills whose stored address cannot be opened, or is no address. */
  readonly unreadable: EndFacts;
}

/** The checks that hold if the report is right. */
export const checkNames = [
  'windowsEqualWhole',
  'everyBillHasARow',
  'everyAmountIsKnown',
  'everyDeliveryIsProved',
  'nothingAcceptedTwice',
  'sameAsApproved',
] as const;

export type CheckName = (typeof checkNames)[number];

export interface CheckFacts {
  readonly name: CheckName;
  readonly ok: boolean;
  /** The number of bills for which it does not hold; null if it is about a sum. */
  readonly bills: number | null;
  /** The first few of these bills. */
  readonly billIds: readonly BillId[];
  /** What differs, in a sentence; null if it holds. */
  readonly detail: string | null;
}

/** What became of the bills of a run, or of a month. */
export interface Report extends EndFacts {
  readonly scope: ReportScopeFacts;
  readonly asOf: string;
  /** Whether no bill waits, is on its way, or is sent again automatically. */
  readonly isOver: boolean;
  /** The whole batch: the seven sums together. */
  readonly batch: SumFacts;
  /** Bills outside the batch: those that billcast was not given, and those that another run has. */
  readonly outside: { readonly noRow: SumFacts; readonly elsewhere: SumFacts };
  readonly byChannel: readonly (EndFacts & { readonly channel: Channel })[];
  /** By the channels of the cycle: `EMAIL`, or `EMAIL` followed by `SMS`. */
  readonly byPath: readonly (EndFacts & { readonly path: readonly Channel[] })[];
  readonly byRun: readonly (EndFacts & { readonly run: string })[];
  readonly byReason: readonly ReasonFacts[];
  readonly byProvider: readonly ProviderFacts[];
  /** What providers later said about the delivered bills. */
  readonly receipts: Readonly<Record<ReceiptWord, SumFacts>>;
  /** The cost by the prices in the settings; null if there are none. */
  readonly cost: CostFacts | null;
  /** Null if it was not asked for. */
  readonly domains: DomainFacts | null;
  /** The newest comparison with each provider's own statement. */
  readonly statements: readonly StatementLine[];
  readonly checks: readonly CheckFacts[];
  /** Whether every check holds. */
  readonly addsUp: boolean;
}

/** The result of a comparison with a provider's statement, in messages. */
export interface StatementLine extends Omit<StatementFacts, 'examples'> {
  readonly provider: string;
  readonly fileName: string;
  /** The hash of the file, in hex. */
  readonly sha256: string;
  readonly ourCost: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
}

export interface CostFacts {
  /** A decimal number in units of `currency`. */
  readonly total: string;
  readonly currency: string;
  readonly isLeast: boolean;
  readonly messagesWithoutPrice: number;
}

export type ReportScopeFacts =
  | { readonly kind: 'month'; readonly month: string }
  | { readonly kind: 'run'; readonly run: string; readonly state: string };
