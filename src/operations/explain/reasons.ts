import type { FailureReason, PoisonReason } from '../../bill.ts';

/** A reason as half a sentence, to stand behind "because" or a colon. */
export function becauseOf(reason: string | null): string | undefined {
  if (reason === null) return undefined;
  if (isFailureReason(reason)) return failureText(reason);
  if (isPoisonReason(reason)) return poisonText(reason);
  return rareReasons.get(reason) ?? statusText(reason) ?? `the reason was ${reason}`;
}

/** What a person does before a retry can help. */
export function mendingOf(reason: string | null): string {
  return reason !== null && isFailureReason(reason) ? mendingText(reason) : 'see why it failed';
}

/** What was wrong with a record, as half a sentence. */
export function poisonText(reason: PoisonReason): string {
  switch (reason) {
    case 'EVENT_NOT_JSON':
      return 'its value is not JSON';
    case 'EVENT_EMPTY':
      return 'it has no value';
    case 'EVENT_BAD_ID':
      return 'its memberId or billId is missing or no id';
    case 'EVENT_TOO_LARGE':
      return 'it is larger than any event is';
    case 'EVENT_MEMBER_MISMATCH':
      return "it names another member than the bill's, and nobody gets another's bill";
    case 'BILL_UNKNOWN':
      return 'no row of this bill was there when it came';
    case 'BATCH_TOO_LARGE':
      return 'it stands for a whole record batch that unpacks to more than is read';
    case 'BATCH_UNREADABLE':
      return 'it stands for a whole record batch that could not be unpacked';
    default:
      return reason satisfies never;
  }
}

function failureText(reason: FailureReason): string {
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return "the bill's own data are incomplete or contradict each other (preview says which)";
    case 'CIPHER_FAILED':
      return 'a stored value could not be decrypted';
    case 'TEMPLATE_FAILED':
      return 'the template could not show this bill';
    case 'NO_CONTACT':
      return 'the member has no address to send it to';
    case 'NOTHING_DUE':
      return 'there is nothing to pay, and by the settings no SMS goes out for that';
    case 'RENDER_CRASHED':
      return 'preparing it broke down';
    case 'EMAIL_REFUSED':
      return 'the provider refused the e-mail for good';
    case 'SMS_REFUSED':
      return 'the provider refused the SMS for good';
    case 'ATTEMPTS_EXHAUSTED':
      return 'the provider took nothing for so long that the cycle was given up';
    case 'PROVIDER_REJECTS_BILL':
      return 'the provider, or a firewall before it, did not take this one bill while it took others';
    case 'GIVEN_UP':
      return 'it was in doubt, and a person gave it up';
    case 'DATABASE_REFUSED':
      return 'the database refused to have it handed off, by a trigger or a limit of its own';
    default:
      return reason satisfies never;
  }
}

function mendingText(reason: FailureReason): string {
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return 'have the billing batch complete the rows of this bill and its member';
    case 'CIPHER_FAILED':
      return 'have the key in CIPHER_KEYS or the stored value put right';
    case 'TEMPLATE_FAILED':
      return 'have the template put right';
    case 'NO_CONTACT':
      return 'have an e-mail address or a phone number of the member entered';
    case 'NOTHING_DUE':
      return 'have an e-mail address of the member entered, or set SMS_WHEN_NOTHING_DUE';
    case 'RENDER_CRASHED':
      return "have the dispatchers' log looked at for this bill";
    case 'EMAIL_REFUSED':
    case 'SMS_REFUSED':
      return "have the member's e-mail address or phone number corrected (unchanged, they are asked again only with `--ask-refused`)";
    case 'ATTEMPTS_EXHAUSTED':
      return 'see that the provider takes messages again';
    case 'PROVIDER_REJECTS_BILL':
      return 'ask the provider why it does not take this bill, by its answers in the history';
    case 'GIVEN_UP':
      return 'see that the member has not got it after all';
    case 'DATABASE_REFUSED':
      return "have the database's own reason put right; the dispatchers' log has its code";
    default:
      return reason satisfies never;
  }
}

const failureReasonTable: Readonly<Record<FailureReason, true>> = {
  BILL_INCOMPLETE: true,
  CIPHER_FAILED: true,
  TEMPLATE_FAILED: true,
  NO_CONTACT: true,
  NOTHING_DUE: true,

  RENDER_CRASHED: true,
  EMAIL_REFUSED: true,
  SMS_REFUSED: true,
  ATTEMPTS_EXHAUSTED: true,
  PROVIDER_REJECTS_BILL: true,
  GIVEN_UP: true,
  DATABASE_REFUSED: true,
};

function isFailureReason(text: string): text is FailureReason {
  return Object.hasOwn(failureReasonTable, text);
}

/** Why bills fail, by their codes. */
export const failureReasons: readonly FailureReason[] =
  Object.keys(failureReasonTable).filter(isFailureReason);

/** Why bills turn to SMS. */
export const turnReasons = ['NO_CONTACT', 'EMAIL_REFUSED', 'EMAIL_BOUNCED'] as const;

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

/** `HTTP_503`, of a gateway. */
function statusText(reason: string): string | undefined {
  const status = /^HTTP_(\d{3})$/.exec(reason)?.[1];
  if (status === undefined) return undefined;
  return status.startsWith('2')
    ? `the provider's gateway answered ${status} without saying that it took the message`
    : `the provider's gateway answered ${status}`;
}

const rareReasons: ReadonlyMap<string, string> = new Map([
  ['START_DEADLINE', 'its send had not begun in time, so it was not made'],
  ['SUSPENDED', 'the process stood still for too long'],
  ['LEDGER_UNWRITABLE', "the provider's ledger could not be written"],
  ['PROVIDER_FAULT', 'talking to the provider failed in an unforeseen way'],
  ['NO_CONNECTION', "there was no connection to the provider's gateway"],
  ['CONNECTION_BROKEN', "the connection to the provider's gateway broke before it answered"],
  ['ANSWER_OF_ANOTHER', "the provider's gateway answered about another message"],
  ['CLOCK_SKEW', "the provider's gateway found it late, by a clock ahead of the dispatcher's"],
  ['HTTP_TIME_OUT', "the provider's gateway did not answer in time"],
  ['OWNER_GONE', 'the dispatcher that handed it off has gone without settling it'],
  ['LOOKUP', 'the provider said so when it was asked'],
  ['LOAD_STOPPED', 'the database stopped its reading again and again, and nothing was sent'],
  ['HAND_OFF_STOPPED', 'the database stopped its hand-off again and again, and nothing was sent'],
  ['HAND_OFF_UNCONFIRMED', 'no standby had confirmed its hand-off, so nothing was sent'],
  ['EMAIL_BOUNCED', 'the e-mail was accepted and came back'],
  ['QUIET_HOURS', 'the member had quiet hours'],
]);
