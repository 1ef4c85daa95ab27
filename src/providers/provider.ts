import type { Claim } from '../bill.ts';
import type { DayQuota } from './dayQuota.ts';
import type { StartDeadline } from './startDeadline.ts';

/** A file that goes with an e-mail. */
export interface MessageAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** The rendered message of a bill. The parts of an e-mail are UTF-8. */
export type Message =
  | {
      readonly kind: 'email';
      readonly to: string;
      readonly subject: string;
      readonly html: Buffer;
      readonly text: Buffer;
      /** Absent if there are none. */
      readonly attachments?: readonly MessageAttachment[];
    }
  | {
      readonly kind: 'text';
      readonly to: string;
      readonly text: string;
      /** The size in CP949. A text above 90 bytes goes out as LMS, except to foreign numbers. */
      readonly bytes?: number;
      /** The title of an LMS, if the template has one. */
      readonly title?: string;
      /** The buttons of an AlimTalk, if the template has some. */
      readonly buttons?: readonly { readonly name: string; readonly url: string }[];
    };

/** The attempt that a message is for: the parts of its idempotency key, the member, and its date. */
export interface Attempt extends Pick<Claim, 'billId' | 'memberId' | 'channel' | 'cycle' | 'datedAtMs'> {
  /** Present only on a message that settles no bill; its cycle is `testCycle`. */
  readonly test?: TestMark;
}

/** How a test message, which settles no bill, differs from the bill's own message. */
export interface TestMark {
  /** Added to the key: `rehearsal:2026-11`. */
  readonly keySuffix: string;
  /** Who gets it instead of the member; missing: the member's own contact. */
  readonly to?: string | undefined;
  /** Put before the subject of an e-mail, and before a short text. ASCII; may be empty. */
  readonly subjectPrefix: string;
  readonly textPrefix: string;
}

/**
 * Makes the bytes that a provider sends for a message. It is pure and runs in the thread that rendered the
 * message, so nothing may depend on when the message is sent. The bytes must not be views of the message,
 * whose memory is used again.
 */
export type Encode = (message: Message, attempt: Attempt) => Uint8Array<ArrayBuffer>;

/** The part of a message that reaches the main loop. */
export interface EncodedMessage {
  readonly to: string;
  /**
   * The bytes that `encode` made, without a copy; absent if the provider has no encoder. Nobody else uses
   * this memory. A provider may free it as soon as it has left; otherwise it is garbage when the send is
   * over.
   */
  readonly body?: Uint8Array;
  /** Present if the text is too long for an SMS and goes out as LMS; for the journal. */
  readonly isLms?: true;
  /** The hash of the content, for the journal: 40 bytes in Latin-1; absent if messages are not hashed. */
  readonly contentHash?: string;
}

/**
 * The provider's answer to one send. `reason` is a code of ours for the row and the journal. `cause` is what
 * really happened, in words for people: `ENOTFOUND typo.invalid`, `HTTP 402: no credit left`. Neither holds
 * personal data.
 */
export type SendAnswer =
  | { readonly kind: 'accepted'; readonly providerId?: string | undefined }
  /** Refused for good: trying the same again cannot help. */
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
      /**
       * When the provider wants this bill again. If the trouble is `pace`, it also sets the pace of the
       * channel.
       */
      readonly retryAfterMs?: number | undefined;
      /**
       * The send was not even begun, as it happens in normal operation: the bill is given back, and no
       * attempt is counted.
       */
      readonly isGivenBack?: true;
    }
  /** Not sent either: the provider, or a proxy before it, rejects our settings. */
  | {
      readonly kind: 'misconfigured';
      readonly reason: string;
      readonly cause?: string | undefined;
      /** `settingsOrBill`: if other bills are accepted meanwhile, the cause is this bill alone. */
      readonly scope?: 'settings' | 'settingsOrBill' | undefined;
    }
  /** Perhaps accepted: nobody may send it again without the provider's word or a person's. */
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly cause?: string | undefined;
      /** Set if the provider still waits for the real answer. It never rejects. */
      readonly later?: Promise<SendAnswer> | undefined;
    };

/** `unreachable`: no connection; `busy`: it says that it took nothing; `pace`: it wants fewer at a time. */
export type ProviderTrouble = 'unreachable' | 'busy' | 'pace';

/** `never`: it was not accepted and, past the look-up horizon, no longer can be. */
export type LookupAnswer = 'accepted' | 'never' | 'cannotTell';

/** The attempt that is sent, with what depends on its hand-off. */
export interface SendAttempt {
  readonly claim: Claim;
  readonly idempotencyKey: string;
  /** Checked when the bytes go out, after every queue: if the send has not begun by then, it is `notSent`. */
  readonly startDeadline: StartDeadline;
  /**
   * Under a rate: when the turn of this send ends, by the monotonic clock. If its connection is ready later,
   * the answer should be `missedTurn`, unless each send needs a new connection. A provider that ignores it
   * may exceed the rate in some second.
   */
  readonly turnEndsMs?: number | undefined;
}

/** Nothing has left: the send gets another turn. */
export const missedTurn = { kind: 'notSent', reason: 'TURN_MISSED', isGivenBack: true } as const;

/**
 * One way to deliver messages. Its functions never throw: a fault is `unknown`, or `notSent` if that is
 * certain.
 */
export interface Provider {
  readonly name: string;
  /** How many sends it takes at a time. A slot is reserved before the bill is handed off. */
  readonly concurrency: number;
  /** The limit of sends per day; missing if there is none. The brake counts against it, not `send`. */
  readonly dayQuota?: DayQuota | undefined;
  /**
   * Adds what depends on the hand-off, such as a deadline or a signature, and sends. Answers within its time
   * limit.
   */
  send(message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer>;
  /** Called while sends wait for their turn: so many begin soon. Connections may be opened meanwhile. */
  prepare?(sends: number): void;
  /** How many look-ups it takes at a time. */
  readonly lookupsAtOnce: number;
  /** Answers within the same time limit. */
  lookup(idempotencyKey: string): Promise<LookupAnswer>;
  stop(): Promise<void>;
}
