import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

export type Difference = 'address' | 'content';

/** Whether a message said what its bill says now. */
export type Verdict =
  | { readonly kind: 'proved'; readonly why: string }
  /** The bill, or the address, was changed after the message. */
  | { readonly kind: 'differs'; readonly differs: readonly Difference[]; readonly why: string }
  /** There is no hash of it. */
  | { readonly kind: 'notRecorded'; readonly why: string }
  /** Something is missing that the comparison needs. */
  | { readonly kind: 'cannotTell'; readonly why: string };

/** What a message was printed with. */
export interface PrintedWith {
  readonly template: string;
  /** `TEMPLATE`; null if the version is not kept. */
  readonly templateName: string | null;
  readonly language: string;
  /** Whether it is what the files here say; null if they cannot be read. */
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
  /** The leaves of the tree. */
  readonly attempts: number;
  /** In hex, as are the hashes of the path. */
  readonly root: string;
  readonly index: number;
  /** What the leaf is the hash of. */
  readonly leaf: string;
  readonly path: readonly string[];
}

export interface AttemptProof {
  readonly attempt: ClaimToken;
  readonly cycle: number;
  readonly channel: Channel;
  /** False: nobody knows whether the provider took it. */
  readonly accepted: boolean;
  readonly at: Date;
  readonly providerId: string | null;
  /** In hex, with the id of its edition. */
  readonly contentHash: string | null;
  readonly printedWith: PrintedWith | null;
  readonly result: Verdict['kind'];
  /** In what; empty unless the result is `differs`. */
  readonly differs: readonly Difference[];
  readonly why: string;
  /** Only if it is asked for; null: see `inclusionMissing`. */
  readonly inclusion?: ProvedInclusion | null;
  readonly inclusionMissing?: string;
}

export interface BillProof {
  readonly billId: BillId;
  readonly asOf: Date;
  /** Whether the last accepted message said what the bill says now; of all, the last one if none was. */
  readonly proved: boolean;
  /** Oldest first. */
  readonly attempts: readonly AttemptProof[];
}
