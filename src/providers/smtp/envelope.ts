import { addressOf, type Mailbox } from './mailbox.ts';
import type { RelayExtensions } from './relayExtensions.ts';

export interface EnvelopeOptions {
  /** Bounces go to this address, unless `bounce` is set. */
  readonly from: Mailbox;
  /** Bounces of each message go to its own address: `bounce+<token>@...` (VERP). */
  readonly bounce: Mailbox | undefined;
  /** What relays are asked to report (RFC 3461). Empty: nothing is asked for. */
  readonly notify: readonly string[];
}

/** Two commands, with their line breaks. */
export interface Envelope {
  readonly mail: string;
  readonly rcpt: string;
}

export interface EnvelopeFacts {
  readonly to: string;
  /** Of letters, digits and dots: see `BounceTokens`. */
  readonly token: string;
  /** Of the message, in bytes. */
  readonly size: number;
}

/** Makes the envelope of a message, as far as the relay's extensions go. */
export function createEnvelopes({
  from,
  bounce,
  notify,
}: EnvelopeOptions): (facts: EnvelopeFacts, extensions: RelayExtensions) => Envelope {
  const sender = addressOf(from);
  const wanted = notify.join(',').toUpperCase();
  return ({ to, token, size }, { smtpUtf8, eightBitMime, dsn, size: takesSize }) => {
    const isUtf8 = needsUtf8(to);
    const asks = wanted !== '' && dsn;
    const reverse =
      bounce === undefined ? sender : addressOf({ ...bounce, local: `${bounce.local}+${token}` });
    const words = [
      `MAIL FROM:<${reverse}>`,
      when(isUtf8 && smtpUtf8, 'SMTPUTF8'),
      when(isUtf8 && eightBitMime, 'BODY=8BITMIME'),
      when(takesSize, `SIZE=${size}`),
      when(asks, `RET=HDRS ENVID=${token}`),
    ];
    return { mail: `${words.join('')}\r\n`, rcpt: `RCPT TO:<${to}>${when(asks, `NOTIFY=${wanted}`)}\r\n` };
  };
}

function when(isSo: boolean, word: string): string {
  return isSo ? ` ${word}` : '';
}

/** Whether the address needs SMTPUTF8 (RFC 6531). Domains are ASCII already. */
export function needsUtf8(address: string): boolean {
  return /[^\0-\x7f]/.test(address);
}
