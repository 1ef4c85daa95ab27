import type { Envelope } from 'nodemailer/lib/smtp-connection';
import { addressOf, type Mailbox } from './mailbox.ts';

export interface EnvelopeOptions {
  /** Bounces go there, or to `bounce` if it is set. */
  readonly from: Mailbox;
  /** Bounces of each message go to its own address: `bounce+<token>@...` (VERP). */
  readonly bounce: Mailbox | undefined;
  /** What the relays are to report: RFC 3461. Empty: nothing is asked for. */
  readonly notify: readonly string[];
}

/** Makes the envelope of a message by its recipient and its token. */
export function createEnvelopes({
  from,
  bounce,
  notify,
}: EnvelopeOptions): (to: string, token: string, size: number) => Envelope {
  const sender = addressOf(from);
  return (to, token, size) => ({
    from: bounce === undefined ? sender : addressOf({ ...bounce, local: `${bounce.local}+${token}` }),
    to,
    size,
    use8BitMime: needsUtf8(to),
    dsn: notify.length === 0 ? undefined : { ret: 'HDRS', envid: token, notify: [...notify] },
  });
}

/** Whether the address can only be written with SMTPUTF8 (RFC 6531). Domains are ASCII already. */
export function needsUtf8(address: string): boolean {
  return /[^\0-\x7f]/.test(address);
}
