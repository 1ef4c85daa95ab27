import type { Claim } from '../bill.ts';
import type { DayQuota } from './dayQuota.ts';
import type { StartDeadline } from './startDeadline.ts';

/** A file that goes with an e-mail. */
export interface MessageAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** What a bill was rendered to. An e-mail's parts are UTF-8. */
export type Message =
  | {
      readonly kind: 'email';
      readonly to: string;
      readonly subject: string;
      readonly html: Buffer;
      readonly text: Buffer;
      /** Present only if there are any. */
      readonly attachments?: readonly MessageAttachment[];
    }
  | {
      readonly kind: 'text';
      readonly to: string;
      readonly text: string;
      /** In CP949: above 90 it is an LMS, but abroad. */
      readonly bytes?: number;
      /** Of an LMS, if the template has one. */
      readonly title?: string;
      /** Of an AlimTalk, if the template has some. */
      readonly buttons?: readonly { readonly name: string; readonly url: string }[];
    };

/** Which attempt a message is for: what its idempotency key is made of, the member, and its date. */
export interface Attempt extends Pick<Claim, 'billId' | 'memberId' | 'channel' | 'cycle' | 'datedAtMs'> {
  /** Only of a message that settles no bill; its cycle is `testCycle`. */
  readonly test?: TestMark;
}

/** How a test message, which settles no bill, differs from the bill's own message. */
export interface TestMark {
  /** Behind the key: `rehearsal:2026-11`. */
  readonly keySuffix: string;
  /** Who gets it instead of the member; missing: the member's own contact. */
  readonly to?: string | undefined;
  /** Before the subject of an e-mail, and before a short text. ASCII; may be empty. */
  readonly subjectPrefix: string;
  readonly textPrefix: string;
}

/**
 * Makes the bytes that a provider sends for a message. It is pure and runs in the thread that rendered the
 * message, so nothing may depend on when the message is sent. The bytes must not be views of the message:
 * that is printed over.
 */
export type Encode = (message: Message, attempt: Attempt) => Uint8Array<ArrayBuffer>;

/** What of a message reaches the main loop. */
export interface EncodedMessage {
  readonly to: string;
  /**
   * What `encode` made, without a copy; absent if the provider has no encoder. Nobody else uses this memory.
   * A provider may free it as soon as it has left; otherwise it is garbage when the send is over.
   */
  readonly body?: Uint8Array;
  /** It is too long for an SMS and goes out as LMS, for the journal; absent otherwise. */
  readonly isLms?: true;
  /** The hash of what it says, for the journal: 40 bytes in Latin-1; absent if messages are not hashed. */
  readonly contentHash?: string;
}

/**
 * The provider's answer to one send. `reason` is a code of ours for the row and the journal. `cause` is what
 * really happened, in words for people: `ENOTFOUND typo.invalid`, `HTTP 402: no credit left`. Neither holds
 * personal data.
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
      /**
       * What is wrong with the provider; undefined if nothing is, for example when the start deadline has
       * passed.
       */
      readonly trouble?: ProviderTrouble | undefined;
      /** When the provider wants this bill again. With the trouble `pace` it sets the pace of the channel. */
      readonly retryAfterMs?: number | undefined;
      /** It was not even begun, as is usual: the bill is given back, and no attempt is counted. */
      readonly isGivenBack?: true;
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
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly cause?: string | undefined;
      /** Set if the provider still waits for the real answer. It never rejects. */
      readonly later?: Promise<SendAnswer> | undefined;
    };

/**
 * `unreachable`: no connection; `busy`: it says that it did not take it; `pace`: it wants fewer at a time.
 */
export type ProviderTrouble = 'unreachable' | 'busy' | 'pace';

/** `never`: it was not accepted and, past the lookup's horizon, no longer can be. */
export type LookupAnswer = 'accepted' | 'never' | 'cannotTell';

/** The attempt that a send makes, with what depends on its hand-off. */
export interface SendAttempt {
  readonly claim: Claim;
  readonly idempotencyKey: string;
  /** Checked when the bytes go out, after every queue: a send that has not begun by then is `notSent`. */
  readonly startDeadline: StartDeadline;
}

/**
 * One way to deliver messages. Its answers never throw: a fault is `unknown`, or `notSent` if that is sure.
 */
export interface Provider {
  readonly name: string;
  /** Sends that it takes at a time; a slot is reserved before the bill is handed off. */
  readonly concurrency: number;
  /** What it may send per day; missing: no limit. The brake takes from it, not `send`. */
  readonly dayQuota?: DayQuota | undefined;
  /**
   * Adds what depends on the hand-off, such as a deadline or a signature, and sends. Answers within its time
   * limit.
   */
  send(message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer>;
  /** Look-ups that it takes at a time. */
  readonly lookupsAtOnce: number;
  /** Answers within the same time limit. */
  lookup(idempotencyKey: string): Promise<LookupAnswer>;
  stop(): Promise<void>;
}
