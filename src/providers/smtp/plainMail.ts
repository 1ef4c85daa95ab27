import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import { connectionCause } from '../http/causes.ts';
import { placeOf, rootOf } from './classifyEnd.ts';
import { addressOf, type Mailbox } from './mailbox.ts';
import type { SessionOptions } from './relaySession.ts';
import { type Relay, securityOf } from './relayUrl.ts';
import { replyCause } from './smtpCauses.ts';
import { readReply } from './smtpReply.ts';

/** A mail to people who run billcast. Bills go through `RelaySession`. */
export interface PlainMail {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly subject: string;
  readonly text: string;
  /** The part before the @. It is the same if the mail is sent again, so that a repeat can be recognized. */
  readonly messageId: string;
}

export interface PlainMailOptions {
  /** If one fails, the next one is tried. */
  readonly relays: readonly Relay[];
  readonly session: Pick<SessionOptions, 'name' | 'secureContext' | 'nextToken'>;
  readonly timeLimitMs: number;
}

/**
 * Sends a mail, on a connection of its own.
 * @returns how many of its recipients were refused; at least one was accepted
 * @throws Error with the cause at each relay, without an address of a person
 */
export async function sendPlainMail(
  mail: PlainMail,
  { relays, session, timeLimitMs }: PlainMailOptions,
): Promise<number> {
  const causes: string[] = [];
  for (const relay of relays) {
    try {
      return await sendBy(relay, mail, { session, timeLimitMs: timeLimitMs / relays.length });
    } catch (error) {
      causes.push(causeOf(error, relay));
    }
  }
  throw new Error(causes.join('; '));
}

async function sendBy(
  relay: Relay,
  { from, to, subject, text, messageId }: PlainMail,
  { session, timeLimitMs }: Omit<PlainMailOptions, 'relays'>,
): Promise<number> {
  const transport = createTransport(await transportOptions(relay, session, timeLimitMs));
  const { rejected } = await transport.sendMail({
    from: { name: from.name, address: addressOf(from) },
    to: to.map((mailbox) => ({ name: mailbox.name, address: addressOf(mailbox) })),
    subject,
    text,
    messageId: `<${messageId}@${from.domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    signal: AbortSignal.timeout(timeLimitMs),
  });
  return rejected.length;
}

async function transportOptions(
  { host, port, tls, login }: Relay,
  { name, secureContext, nextToken }: PlainMailOptions['session'],
  timeLimitMs: number,
): Promise<SMTPTransportOptions> {
  return {
    host,
    port,
    ...securityOf(tls, secureContext),
    ...(name === undefined ? {} : { name }),
    ...(login === undefined ? {} : { auth: await authOf(login, nextToken) }),
    connectionTimeout: timeLimitMs,
    greetingTimeout: timeLimitMs,
    socketTimeout: timeLimitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function authOf(
  { user, password, method }: NonNullable<Relay['login']>,
  nextToken: SessionOptions['nextToken'],
) {
  if (password === undefined) return { type: 'OAuth2', user, accessToken: await nextToken?.() };
  return { user, pass: password, ...(method === undefined ? {} : { method }) };
}

function causeOf(error: unknown, relay: Relay): string {
  if (!(error instanceof Error)) return String(error);
  const reply = 'response' in error ? readReply(String(error.response)) : undefined;
  if (reply !== undefined) return `${placeOf(relay)}: ${replyCause(reply, '')}`;
  // Our own time limit was over.
  if ('code' in error && error.code === 'EABORT') return `no answer in time from ${placeOf(relay)}`;
  return connectionCause(rootOf(error), placeOf(relay));
}
