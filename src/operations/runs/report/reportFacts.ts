import type { BillId } from '../../../bill.ts';
import type { Channel } from '../../../channels.ts';
import type { StatementFacts } from '../../../db/runs/providerStatements.ts';
import type { ReceiptWord, ReportEnd } from '../../../db/runs/reportRows.ts';

export interface SumFacts {
  readonly bills: number;
  /** Whole minor units by currency, as digits; null if the source gives no amounts. */
  readonly amounts: Readonly<Record<string, string>> | null;
}

export type EndFacts = Readonly<Record<ReportEnd, SumFacts>>;

export interface ReasonFacts extends SumFacts {
  readonly state: ReportEnd;
  readonly reason: string | null;
  readonly meaning: string | null;
  /** Of these, bills that are sent again by themselves. */
  readonly retried: number;
}

export interface ProviderFacts {
  /** As the settings name it; null: it is not known. */
  readonly provider: string | null;
  readonly channel: Channel;
  /** Accepted messages: one per bill and cycle. */
  readonly messages: number;
  /** Entries of the journal by their outcome. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly delivered: SumFacts;
  readonly inDoubt: SumFacts;
  /** Of these, messages that went out as LMS. Reports that were signed by older versions have none. */
  readonly longMessages?: number | undefined;
  /** Of one accepted message; null if the settings have none. */
  readonly price: string | null;
  readonly cost: string | null;
  /** Long messages cost more, and it is not known of all which were long, or what they cost. */
  readonly costIsLeast: boolean;
}

export interface DomainFacts {
  readonly top: readonly (EndFacts & { readonly domain: string })[];
  readonly rest: EndFacts & { readonly domains: number };
  readonly withoutAddress: EndFacts;
  /** The stored address does not open, or is none. */
  readonly unreadable: EndFacts;
}

/** What must hold if the report is right. */
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
  /** Bills for which it does not hold; null if it is about a sum. */
  readonly bills: number | null;
  /** The first few of them. */
  readonly billIds: readonly BillId[];
  /** What differs, in a sentence; null if it holds. */
  readonly detail: string | null;
}

/** What became of the bills of a run, or of a month. */
export interface Report extends EndFacts {
  readonly scope: ReportScopeFacts;
  readonly asOf: string;
  /** Nothing of it waits, is on its way, or is sent again by itself. */
  readonly isOver: boolean;
  /** All of them: the seven sums together. */
  readonly batch: SumFacts;
  /** Beside the batch: bills that billcast was not given, and bills that another run has. */
  readonly outside: { readonly noRow: SumFacts; readonly elsewhere: SumFacts };
  readonly byChannel: readonly (EndFacts & { readonly channel: Channel })[];
  /** By the channels of the cycle: `EMAIL`, or `EMAIL` and then `SMS`. */
  readonly byPath: readonly (EndFacts & { readonly path: readonly Channel[] })[];
  readonly byRun: readonly (EndFacts & { readonly run: string })[];
  readonly byReason: readonly ReasonFacts[];
  readonly byProvider: readonly ProviderFacts[];
  /** Of the delivered ones, what the providers said later. */
  readonly receipts: Readonly<Record<ReceiptWord, SumFacts>>;
  /** By the prices of the settings; null if there is none. */
  readonly cost: CostFacts | null;
  /** Null unless it was asked for. */
  readonly domains: DomainFacts | null;
  /** The newest comparison with each provider's own statement. */
  readonly statements: readonly StatementLine[];
  readonly checks: readonly CheckFacts[];
  /** Whether every check holds. */
  readonly addsUp: boolean;
}

/** How a provider's statement compared, in messages. */
export interface StatementLine extends Omit<StatementFacts, 'examples'> {
  readonly provider: string;
  readonly fileName: string;
  /** Of the file, in hex. */
  readonly sha256: string;
  readonly ourCost: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
}

export interface CostFacts {
  /** A decimal number, in units of `currency`. */
  readonly total: string;
  readonly currency: string;
  readonly isLeast: boolean;
  readonly messagesWithoutPrice: number;
}

export type ReportScopeFacts =
  | { readonly kind: 'month'; readonly month: string }
  | { readonly kind: 'run'; readonly run: string; readonly state: string };
