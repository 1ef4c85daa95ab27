import type { FailureReason, PoisonReason } from '../../bill.ts';
import {
  bouncedReason,
  type Channel,
  channelNames,
  channels,
  type RefusedReason,
  refusedReason,
  type SuppressedReason,
  suppressedReason,
} from '../../channels.ts';
import { answerText } from './answerReasons.ts';

/** A reason as half a sentence, for use after "because" or a colon. */
export function becauseOf(reason: string | null): string | undefined {
  if (reason === null) return undefined;
  if (isFailureReason(reason)) return failureText(reason);
  if (isPoisonReason(reason)) return poisonText(reason);
  return answerText(reason) ?? `the reason was ${reason}`;
}

/** What a person should do before a retry can help, as an imperative. */
export function remedyOf(reason: string | null): string {
  return reason !== null && isFailureReason(reason) ? remedyText(reason) : 'find out why it failed';
}

/** What was wrong with a record, as half a sentence. */
export function poisonText(reason: PoisonReason): string {
  switch (reason) {
    case 'EVENT_NOT_JSON':
      return 'its value is not JSON';
    case 'EVENT_EMPTY':
      return 'it has no value';
    case 'EVENT_BAD_ID':
      return 'its memberId or billId is missing or not an id';
    case 'EVENT_TOO_LARGE':
      return 'it is larger than any event';
    case 'EVENT_MEMBER_MISMATCH':
      return "it names another member than the bill's";
    case 'BILL_UNKNOWN':
      return 'the bill had no row when it came';
    case 'BATCH_TOO_LARGE':
      return 'it stands for a whole record batch that is too large when unpacked';
    case 'BATCH_UNREADABLE':
      return 'it stands for a whole record batch that could not be unpacked';
    default:
      return reason satisfies never;
  }
}

function failureText(reason: FailureReason): string {
  if (isRefusal(reason)) return `the provider refused the ${wayOf(reason, refusedBy)} for good`;
  if (isSuppression(reason)) return `its ${wayOf(reason, suppressedBy)} address is on the suppression list`;
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return "the bill's data are incomplete or contradict each other (preview says which)";
    case 'CIPHER_FAILED':
      return 'a stored value could not be decrypted';
    case 'TEMPLATE_FAILED':
      return 'the template could not show this bill';
    case 'NO_CONTACT':
      return 'the member has no address to send it to';
    case 'NOTHING_DUE':
      return 'there is nothing to pay, and the settings allow no SMS for that';
    case 'RENDER_CRASHED':
      return 'rendering it crashed';
    case 'ATTEMPTS_EXHAUSTED':
      return 'the provider took nothing for too long, so the cycle was given up';
    case 'PROVIDER_REJECTS_BILL':
      return 'the provider, or a firewall in front of it, refused this bill while it took others';
    case 'GIVEN_UP':
      return 'it was in doubt, and a person gave it up';
    case 'DATABASE_REFUSED':
      return 'the database refused its hand-off, by a trigger or a limit';
    default:
      return reason satisfies never;
  }
}

function remedyText(reason: FailureReason): string {
  if (isRefusal(reason)) {
    return "correct the member's e-mail address or phone number (unchanged ones are retried only with `--ask-refused`)";
  }
  if (isSuppression(reason)) {
    return "correct the member's e-mail address or phone number, or run `billcast suppress reactivate`";
  }
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return 'have the billing batch complete the rows of this bill and its member';
    case 'CIPHER_FAILED':
      return 'fix the key in CIPHER_KEYS or the stored value';
    case 'TEMPLATE_FAILED':
      return 'fix the template';
    case 'NO_CONTACT':
      return "enter the member's e-mail address or phone number";
    case 'NOTHING_DUE':
      return "enter the member's e-mail address, or set SMS_WHEN_NOTHING_DUE";
    case 'RENDER_CRASHED':
      return "look for this bill in the dispatchers' log";
    case 'ATTEMPTS_EXHAUSTED':
      return 'make sure that the provider takes messages again';
    case 'PROVIDER_REJECTS_BILL':
      return 'ask the provider why it refuses this bill; its answers are in the history';
    case 'GIVEN_UP':
      return 'make sure that the member did not get it after all';
    case 'DATABASE_REFUSED':
      return "fix what the database objects to; the dispatchers' log has its code";
    default:
      return reason satisfies never;
  }
}

/** For each reason that is a refusal, the channel that it is about. */
const refusedBy: ReadonlyMap<string, Channel> = new Map(
  channelNames.map((channel) => [refusedReason(channel), channel]),
);

function wayOf(reason: string, byReason: ReadonlyMap<string, Channel>): string {
  const channel = byReason.get(reason);
  return channel === undefined ? 'message' : channels[channel].label;
}

function isRefusal(reason: string): reason is RefusedReason {
  return refusedBy.has(reason);
}

const suppressedBy: ReadonlyMap<string, Channel> = new Map(
  channelNames.map((channel) => [suppressedReason(channel), channel]),
);

function isSuppression(reason: string): reason is SuppressedReason {
  return suppressedBy.has(reason);
}

const otherFailures: Readonly<Record<Exclude<FailureReason, RefusedReason | SuppressedReason>, true>> = {
  BILL_INCOMPLETE: true,
  CIPHER_FAILED: true,
  TEMPLATE_FAILED: true,
  NO_CONTACT: true,
  NOTHING_DUE: true,
  RENDER_CRASHED: true,
  ATTEMPTS_EXHAUSTED: true,
  PROVIDER_REJECTS_BILL: true,
  GIVEN_UP: true,
  DATABASE_REFUSED: true,
};

function isFailureReason(text: string): text is FailureReason {
  return isRefusal(text) || isSuppression(text) || Object.hasOwn(otherFailures, text);
}

/** Why bills fail, by their codes. */
export const failureReasons: readonly FailureReason[] = [
  ...refusedBy.keys(),
  ...suppressedBy.keys(),
  ...Object.keys(otherFailures),
].filter(isFailureReason);

/** Why bills turn to the next channel. */
export const turnReasons: readonly string[] = [
  'NO_CONTACT',
  ...channelNames.flatMap((channel) => [
    refusedReason(channel),
    suppressedReason(channel),
    bouncedReason(channel),
  ]),
];

const poisonReasonTable: Readonly<Record<PoisonReason, true>> = {
  EVENT_NOT_JSON: true,
  EVENT_EMPTY: true,
  EVENT_BAD_ID: true,
  EVENT_TOO_LARGE: true,
  EVENT_MEMBER_MISMATCH: true,
  BILL_UNKNOWN: true,
  BATCH_TOO_LARGE: true,
  BATCH_UNREADABLE: true,
};

function isPoisonReason(text: string): text is PoisonReason {
  return Object.hasOwn(poisonReasonTable, text);
}
