import type { Receipt } from './receipt.ts';

/** A webhook as it arrived. */
export interface InboundRequest {
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Unchanged, because signatures cover the exact bytes. */
  readonly body: Buffer;
  /** The address that the provider called, as far as we know it. Some signatures cover it. */
  readonly url: URL;
}

/** What a webhook contained. */
export interface InboundReading {
  readonly receipts: readonly Receipt[];
  /** How many entries are no receipt: opened, clicked, delayed and the like. */
  readonly ignored: number;
  /** An address that a person must open once before the provider sends anything. */
  readonly confirmAt?: string | undefined;
}

/** How one provider's webhooks are verified and read: a line of the registry. Pure. */
export interface InboundSource {
  /** The form of its secret in INBOUND_SECRETS, after `name:`. */
  readonly secret: { readonly pattern: RegExp; readonly words: string };
  /** Whether somebody who has the secret sent these very bytes. */
  isGenuine(request: InboundRequest, secret: string): boolean;
  /** @throws InboundUnreadable */
  read(request: InboundRequest): InboundReading;
}

/** The body is not what this provider sends. */
export class InboundUnreadable extends Error {
  override readonly name = 'InboundUnreadable';
}

/** @throws InboundUnreadable */
export function jsonOf({ body }: InboundRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new InboundUnreadable('the body is not JSON', { cause });
  }
}

/** @param entries the results of reading each part of a body; undefined if it is no receipt */
export function readingOf(entries: readonly (Receipt | undefined)[]): InboundReading {
  const receipts = entries.filter((entry) => entry !== undefined);
  return { receipts, ignored: entries.length - receipts.length };
}

/** A point in time as providers write it: ISO 8601, or seconds since 1970. */
export function timeOf(written: unknown): Date | undefined {
  if (typeof written !== 'string' && typeof written !== 'number') return undefined;
  const at = new Date(typeof written === 'number' ? written * 1_000 : written);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
