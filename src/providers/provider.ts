import type { Claim } from '../bill.ts';
import type { StartDeadline } from './startDeadline.ts';

/**
 * What goes out for one bill. The parts of an e-mail are UTF-8, views of its batch's memory, which is freed when
 * `send` has returned its promise: a provider encodes or copies what it needs before.
 */
export type Message =
  | {
      readonly channel: 'EMAIL';
      readonly to: string;
      readonly subject: string;
      readonly html: Buffer;
      readonly text: Buffer;
    }
  | { readonly channel: 'SMS'; readonly to: string; readonly text: string };

/**
 * The provider's answer to one send. `reason` is a code of ours for the row and the journal. `cause` is what really
 * happened, in words for people: `ENOTFOUND typo.invalid`, `HTTP 402: no credit left`. Neither holds personal data.
 */
export type SendAnswer =
  | { readonly kind: 'accepted'; readonly providerId?: string | undefined }
  /** For good: trying the same again cannot help. */
  | { readonly kind: 'refused'; readonly reason: string; readonly cause?: string | undefined }
  /** Certainly not accepted, neither now nor later: safe to try again. */
  | {
      readonly kind: 'notSent';
      readonly reason: string;
      readonly cause?: string | undefined;
      /** What is wrong with the provider; undefined if nothing is, for example when the start deadline has passed. */
      readonly trouble?: ProviderTrouble | undefined;
      /** When the provider wants to be asked again. It sets the pace of the channel. */
      readonly retryAfterMs?: number | undefined;
    }
  /** Not sent either: the provider, or a proxy before it, does not take it from these settings. */
  | {
      readonly kind: 'misconfigured';
      readonly reason: string;
      readonly cause?: string | undefined;
      /** `settingsOrBill`: if other bills pass meanwhile, it is about this bill alone. */
      readonly scope?: 'settings' | 'settingsOrBill' | undefined;
    }
  /** Perhaps accepted: nobody sends again without the provider's word or a person's. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly cause?: string | undefined };

/** `unreachable`: no connection; `busy`: it says that it did not take it; `pace`: it wants fewer at a time. */
export type ProviderTrouble = 'unreachable' | 'busy' | 'pace';

/** `never`: it was not accepted and, past the lookup's horizon, no longer can be. */
export type LookupAnswer = 'accepted' | 'never' | 'cannotTell';

export interface SendOptions {
  readonly claim: Claim;
  readonly idempotencyKey: string;
  /** Checked where the bytes go out, after every queue: a send that has not begun by then is `notSent`. */
  readonly startDeadline: StartDeadline;
}

/** One way to deliver messages. Its answers never throw: a fault is `unknown`, or `notSent` where that is sure. */
export interface Provider {
  readonly name: string;
  /** Sends that it takes at a time; a slot is reserved before the bill is handed off. */
  readonly concurrency: number;
  /** Answers within the time limit that it was created with. */
  send(message: Message, options: SendOptions): Promise<SendAnswer>;
  /** Look-ups that it takes at a time. */
  readonly lookupsAtOnce: number;
  /** Answers within the same time limit. */
  lookup(idempotencyKey: string): Promise<LookupAnswer>;
  stop(): Promise<void>;
}
