import type { Channel } from '../channels.ts';
import type { ErrorCode } from '../errors.ts';
import type { Attempt } from '../providers/provider.ts';
import type { Encoders } from '../providers/providerKind.ts';
import type { RouteName } from '../providers/providerShares.ts';
import type { ModelOptions } from '../render/bill/createBillModel.ts';
import type { PlacedBill } from '../render/bill/renderedBill.ts';
import type { CipherOptions } from '../render/cipher/fieldCiphers.ts';
import type { Templates } from '../render/template/templateFiles.ts';
import type { LaterKeys } from './rotatingKeys.ts';

/** What a render thread is started with. */
export interface RenderThreadOptions {
  readonly templates: Templates;
  readonly ciphers: CipherOptions;
  readonly model: ModelOptions;
  readonly encoders: Encoders;
  /** The version of billcast. */
  readonly program: string;
}

/** A bill to be rendered. */
export interface UnrenderedBill {
  /** As the database made it, see `parseSourceBill`. */
  readonly text: string;
  readonly bill: { readonly claim: Attempt };
}

/** Renders the sample bill. It answers only when all threads are busy with it, so each was asked once. */
export interface WarmUpTask {
  readonly kind: 'warmUp';
  /** Shared: how many threads have begun, at index 0. */
  readonly arrived: Int32Array;
  readonly threads: number;
  /** How long to wait for the others. */
  readonly waitMs: number;
}

export interface RenderTask {
  readonly kind: 'render';
  readonly channel: Channel;
  readonly route: RouteName;
  /** One text per bill, as the database made it: UTF-16, little-endian, one after the other. */
  readonly texts: ArrayBuffer;
  /** Where each bill's text ends in `texts`. */
  readonly ends: Uint32Array;
  /** One per bill, for the encoder of the route and for view links; undefined if there are neither. */
  readonly attempts: readonly Attempt[] | undefined;
  /** Of an earlier batch, to print this one into. */
  readonly spare: ArrayBuffer | undefined;
  /** Undefined while the keys are those that the thread was started with. */
  readonly keys: LaterKeys | undefined;
  /** Shared: the index of the bill that the thread is at, at index 0; `notBegun` before the first. */
  readonly progress: Int32Array;
}

export type ThreadTask = WarmUpTask | RenderTask;

export const notBegun = -1;

/** A message as its provider sends it, in memory that is nobody else's. */
export interface EncodedBill {
  readonly kind: 'encoded';
  readonly to: string;
  /** It goes out as LMS; absent otherwise. */
  readonly isLms?: true;
  /** See `HashContent`; absent if messages are not hashed. */
  readonly contentHash?: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The bills of a task in its order. The HTML and the text of e-mails that are not encoded stand one after the
 * other in `bytes`.
 */
export interface RenderedReply {
  readonly kind: 'rendered';
  readonly bytes: ArrayBuffer;
  readonly bills: readonly (PlacedBill | EncodedBill)[];
}

export type ThreadReply =
  | { readonly kind: 'warm' }
  | { readonly kind: 'startFailed'; readonly code: ErrorCode; readonly message: string }
  | RenderedReply;
