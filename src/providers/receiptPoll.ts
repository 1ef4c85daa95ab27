import type { Channel } from '../channels.ts';
import type { AttemptName, Receipt } from './inbound/receipt.ts';

/** A time span at the provider: what changed in it is asked for. */
export interface PollSpan {
  readonly from: Date;
  readonly until: Date;
}

/** The result of asking for one page. */
export type PollAnswer =
  | {
      readonly kind: 'page';
      readonly receipts: readonly Receipt[];
      /** How many items are no receipt: of other senders, or not decided yet. */
      readonly ignored: number;
      /** Names the next page; undefined if this was the last one. */
      readonly next: string | undefined;
      /** The time by the provider's clock; undefined if it does not say. */
      readonly providerNow: Date | undefined;
    }
  /** It says that there is nothing, but this is no proof. */
  | { readonly kind: 'empty' }
  /** Nothing was learnt. */
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterMs: number | undefined };

/** How often a list may be asked for, and how far it is trusted. */
export interface PollPace {
  /** The times of a span are whole multiples of this. */
  readonly resolutionMs: number;
  readonly longestMs: number;
  readonly lagMs: number;
  readonly overlapMs: number;
  readonly everyMs: number;
  /** The time between two requests, of all processes together. */
  readonly betweenMs: number;
}

/** A list of a provider that says what became of messages. */
export interface ReceiptPoll {
  /** Its name in `PROVIDER_<CHANNEL>`. */
  readonly provider: string;
  readonly name: string;
  readonly pace: PollPace;
  /** @param page the `next` of the page before; undefined for the first one */
  readPage(span: PollSpan, page: string | undefined): Promise<PollAnswer>;
  stop(): Promise<void>;
}

/** A message that the provider accepted, as the journal has it. */
export interface AskedMessage extends AttemptName {
  readonly providerId: string;
}

/** What the answer about one message brought. */
export type MessageAnswer =
  /** Without a receipt: nothing is decided yet, or it knows nothing of the message. */
  | { readonly kind: 'told'; readonly receipts: readonly Receipt[] }
  /** Nothing was learnt. */
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterMs: number | undefined };

/** A provider that is asked about one message after the other, by its id. */
export interface MessagePoll {
  /** As `PROVIDER_<CHANNEL>` names it. */
  readonly provider: string;
  readonly name: string;
  /** Those whose messages it knows. */
  readonly channels: readonly Channel[];
  /** Between two requests, in all processes together. */
  readonly betweenMs: number;
  readMessage(message: AskedMessage): Promise<MessageAnswer>;
  stop(): Promise<void>;
}

export type AnyPoll = ReceiptPoll | MessagePoll;
