import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

export type Difference = 'address' | 'content';

/** Whether a message said what its bill says now. */
export type Verdict =
  | { readonly kind: 'proved'; readonly why: string }
  /** The bill or the address has changed since the message. */
  | { readonly kind: 'differs'; readonly differs: readonly Difference[]; readonly why: string }
  /** No hash of the message was recorded. */
  | { readonly kind: 'notRecorded'; readonly why: string }
  /** Something that the comparison needs is missing. */
  | { readonly kind: 'cannotTell'; readonly why: string };

/** What a message was printed with. */
export interface PrintedWith {
  readonly template: string;
  /** The value of `TEMPLATE`; null if the version is not kept. */
  readonly templateName: string | null;
  readonly language: string;
  /** Whether the present template files are of this version; null if they cannot be read. */
  readonly isTemplateOfToday: boolean | null;
  readonly program: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly keyId: string;
}

/** The place of a message in the manifest of its run. */
export interface ProvedInclusion {
  readonly run: string;
  readonly madeAt: Date;
  /** The number of leaves of the tree. */
  readonly attempts: number;
  /** In hex, like the hashes of the path. */
  readonly root: string;
  readonly index: number;
  /** The text whose hash is the leaf. */
  readonly leaf: string;
  readonly path: readonly string[];
}

export interface AttemptProof {
  readonly attempt: ClaimToken;
  readonly cycle: number;
  readonly channel: Channel;
  /** False if nobody knows whether the provider accepted it. */
  readonly accepted: boolean;
  readonly at: Date;
  readonly providerId: string | null;
  /** In hex, including the id of its edition. */
  readonly contentHash: string | null;
  readonly printedWith: PrintedWith | null;
  readonly result: Verdict['kind'];
  /** What differs; empty unless the result is `differs`. */
  readonly differs: readonly Difference[];
  readonly why: string;
  /** Present if it was asked for; null: see `inclusionMissing`. */
  readonly inclusion?: ProvedInclusion | null;
  readonly inclusionMissing?: string;
}

export interface BillProof {
  readonly billId: BillId;
  readonly asOf: Date;
  /**
   * Whether the last accepted message said what the bill says now. If none was accepted, the last message
   * counts.
   */
  readonly proved: boolean;
  /** Oldest first. */
  readonly attempts: readonly AttemptProof[];
}
