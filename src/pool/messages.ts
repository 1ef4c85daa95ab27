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

/** The options with which a render thread is started. */
export interface RenderThreadOptions {
  readonly templates: Templates;
  readonly ciphers: CipherOptions;
  readonly model: ModelOptions;
  readonly encoders: Encoders;
  /** billcast's version. */
  readonly program: string;
}

/** A bill to be rendered. */
export interface UnrenderedBill {
  /** The bill as the database wrote it, see `parseSourceBill`. */
  readonly text: string;
  readonly bill: { readonly claim: Attempt };
}

/**
 * Renders the sample bill. It answers only when all threads are busy with such a task, so each thread has got
 * one.
 */
export interface WarmUpTask {
  readonly kind: 'warmUp';
  /** Shared memory: at index 0, how many threads have begun. */
  readonly arrived: Int32Array;
  readonly threads: number;
  /** How long to wait for the other threads. */
  readonly waitMs: number;
}

export interface RenderTask {
  readonly kind: 'render';
  readonly channel: Channel;
  readonly route: RouteName;
  /** One text per bill, as the database wrote it: UTF-16, little-endian, one after the other. */
  readonly texts: ArrayBuffer;
  /** Where each bill's text ends in `texts`. */
  readonly ends: Uint32Array;
  /** One per bill, for the provider's encoder and for view links; undefined if there are neither. */
  readonly attempts: readonly Attempt[] | undefined;
  /** Memory of an earlier batch, into which this one is printed. */
  readonly spare: ArrayBuffer | undefined;
  /** Undefined while the keys are still those with which the thread was started. */
  readonly keys: LaterKeys | undefined;
  /** Shared memory: at index 0, the index of the bill that the thread is at; `notBegun` before the first. */
  readonly progress: Int32Array;
}

export type ThreadTask = WarmUpTask | RenderTask;

export const notBegun = -1;

/** A message as its provider sends it, in memory of its own. */
export interface EncodedBill {
  readonly kind: 'encoded';
  readonly to: string;
  /** Present if the message goes out as LMS. */
  readonly isLms?: true;
  /** See `HashContent`; absent if messages are not hashed. */
  readonly contentHash?: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The bills of a task, in its order. If e-mails are not encoded, their HTML and text are in `bytes`, one
 * after the other.
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
