import type { Receipt } from './receipt.ts';

/** A webhook as it came. */
export interface InboundRequest {
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Byte for byte: signatures are over these. */
  readonly body: Buffer;
  /** The address that the provider called, as far as we know it; some sign it. */
  readonly url: URL;
}

/** What a webhook brought. */
export interface InboundReading {
  readonly receipts: readonly Receipt[];
  /** Entries that are no receipt: opened, clicked, delayed and the like. */
  readonly ignored: number;
  /** A person has to open this address once, before the provider sends anything. */
  readonly confirmAt?: string | undefined;
}

/** How one provider's webhooks are proved and read: a line of the registry. Pure. */
export interface InboundSource {
  /** How its secret looks in INBOUND_SECRETS, after `name:`. */
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

/** @param entries what each part of a body was read to; undefined if it is no receipt */
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
