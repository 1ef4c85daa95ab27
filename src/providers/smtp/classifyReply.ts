import type { ProviderTrouble, SendAnswer } from '../provider.ts';
import { replyCause } from './smtpCauses.ts';
import type { SmtpReply } from './smtpReply.ts';

/**
 * The part of the dialogue that a reply belongs to. `open`: greeting and EHLO. `message`: the message, after
 * its first byte.
 */
export type Stage = 'open' | 'tls' | 'login' | 'mail' | 'rcpt' | 'data' | 'message';

export interface ReplyContext {
  readonly stage: Stage;
  /** The recipient, whose address must not show in a cause. */
  readonly to: string;
  /** Whether the final dot may have left. */
  readonly mayBeTaken: boolean;
  /** In [0, 1): varies how long a greylisted bill waits. */
  readonly random: number;
}

/**
 * Pure: what a reply means for the bill. Only a 2xx after the dot accepts. A refusal must be about the
 * address, because the bill may then go on by the next channel. A reply about us, our settings or our
 * reputation is no refusal.
 */
export function classifyReply(reply: SmtpReply, context: ReplyContext): SendAnswer {
  const { code } = reply;
  const isTaken = context.mayBeTaken && code >= 200 && code < 300;
  if (isTaken) return { kind: 'accepted', providerId: queueIdOf(reply) };
  const told = { reason: `SMTP_${code}`, cause: replyCause(reply, context.to) };
  // A server that is closing may have kept the message.
  const isUnclear = code === 421 || code < 400 || code > 599;
  if (context.mayBeTaken && isUnclear) return { kind: 'unknown', ...told };
  // It says so before it has all of the message. What it keeps of that is its secret.
  if (context.stage === 'message' && code >= 200 && code < 300) return { kind: 'unknown', ...told };
  if (code >= 500 && code <= 599) return permanent(reply, context.stage, told);
  return { kind: 'notSent', ...told, ...waitOf(reply, context) };
}

interface Told {
  readonly reason: string;
  readonly cause: string;
}

function permanent(reply: SmtpReply, stage: Stage, told: Told): SendAnswer {
  switch (stage) {
    case 'open':
    case 'tls':
    case 'login':
      return { kind: 'misconfigured', ...told, scope: 'settings' };
    case 'mail':
    case 'data':
      return isTooLarge(reply) ? { kind: 'refused', ...told } : policy(told);
    case 'rcpt':
    case 'message':
      return blamesAddress(reply) ? { kind: 'refused', ...told } : policy(told);
    default:
      return stage satisfies never;
  }
}

/**
 * Not sent, and no reason for the next channel. If other bills pass, the cause is this bill alone; if not,
 * the brake stops the channel.
 */
function policy(told: Told): SendAnswer {
  return { kind: 'misconfigured', ...told, scope: 'settingsOrBill' };
}

/** By RFC 1870 and RFC 3463: the message is too large, at every try. */
function isTooLarge({ code, enhanced }: SmtpReply): boolean {
  return enhanced === undefined ? code === 552 : enhanced === '5.3.4' || enhanced === '5.2.3';
}

/**
 * Whether a reply blames the address: by the enhanced code (RFC 3463) if that is specific, else by the words.
 */
function blamesAddress(reply: SmtpReply): boolean {
  if (isTooLarge(reply)) return true;
  const [, subject = 0, detail] = reply.enhanced?.split('.').map(Number) ?? [];
  // 5.1.7 and 5.1.8 are about the sender's address.
  if (subject === 1 && (detail === 7 || detail === 8)) return false;
  if (subject === 1 || subject === 2) return !isVague(subject, detail) || !namesPolicy.test(reply.text);
  if (subject === 3 || subject === 4 || subject === 6 || subject === 7) return false;
  return !isAboutCommand(reply, subject) && !namesPolicy.test(reply.text);
}

/** Servers use 5.1.0, 5.2.0 and 5.2.1 for anything. */
function isVague(subject: number, detail: number | undefined): boolean {
  return detail === 0 || (subject === 2 && detail === 1);
}

/** The relay does not understand our command, or wants a login first. */
function isAboutCommand({ code }: SmtpReply, subject: number): boolean {
  return subject === 5 || code < 521 || code === 530;
}

/** Words about the sender, the relay or the text, and not about the address. */
const namesPolicy = new RegExp(
  [
    String.raw`\b(?:block|black|deny)[ -]?list\w*|\b(?:dns)?r?bls?\b|\bdnsbl\b|\b(?:blocked|listed|banned)\b`,
    String.raw`\b(?:\w*spam\w*|virus|malware|phish\w*|reputation|polic(?:y|ies)|prohibit\w*|content)\b`,
    String.raw`\b(?:sorbs|barracuda\w*|cloudmark|proofpoint|mimecast|senderscore)\b`,
    String.raw`\b(?:spf|dkim|dmarc|relay\w*|rcpthosts|access denied|not (?:permitted|allowed|authori[sz]ed))\b`,
    String.raw`\b(?:(?:un)?authenticat\w*|log ?in|reverse dns|rdns|ptr|helo|ehlo|sender|rates?|throttl\w*)\b`,
    String.raw`\b(?:client host|(?:reverse )?hostname|dynamic|your (?:ip|host|server|domain|network|mail)|ip)\b`,
    String.raw`\bmail from \[?\d|\btoo many\b|\bsending (?:limit|quota)|\bno smtp|\bservice\b.*\bavailable\b`,
    String.raw`\b(?:headers?|line (?:length|too long)|bare ?(?:lf|linefeeds?)|nul|loop\w*|hops)\b`,
  ].join('|'),
  'i',
);

interface Wait {
  readonly trouble?: ProviderTrouble | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * How long to wait, and who waits. A greylisted address, or a full mailbox, is about this bill alone. A rate
 * limit sets the pace of the channel. Everything else says that the relay takes nothing now.
 */
function waitOf({ enhanced = '', text }: SmtpReply, { stage, random }: ReplyContext): Wait {
  if (namesRate.test(text)) return { trouble: 'pace' };
  const isAboutBill = stage === 'rcpt' || stage === 'message';
  if (isAboutBill && (/^4\.[27]\./.test(enhanced) || greylists.test(text))) {
    return { retryAfterMs: greylistMs.least + random * (greylistMs.most - greylistMs.least) };
  }
  return { trouble: 'busy' };
}

const namesRate =
  /\btoo (?:many|fast|much)\b|\brates?\b|\bthrottl|\b(?:sending|connection|concurren\w+) (?:limit|quota)|\bslow down\b/i;
const greylists = /gr[ae]y-?\s?list|postgrey/i;
/** Greylists accept a message that comes again after some minutes (RFC 6647, 4.2: one to five are usual). */
const greylistMs = { least: 300_000, most: 900_000 };

/** The relay's own id, as in its log: `2.0.0 Ok: queued as 4XyZ12`. */
function queueIdOf({ text }: SmtpReply): string | undefined {
  return /\b(?:queued as|id)[ =:]\s*<?([\w.-]{4,100})/i.exec(text)?.[1];
}
