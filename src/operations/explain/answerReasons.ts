import { bouncedReason, channelNames, channels } from '../../channels.ts';

/** The result of a try as half a sentence; undefined for an unknown code. */
export function answerText(reason: string): string | undefined {
  return texts.get(reason) ?? statusText(reason) ?? codeText(reason);
}

/** The text for `HTTP_503` of a gateway, or `SMTP_451` of a mail relay. */
function statusText(reason: string): string | undefined {
  const [, protocol, status] = /^(HTTP|SMTP)_(\d{3})$/.exec(reason) ?? [];
  if (status === undefined) return undefined;
  if (protocol === 'SMTP') return `the mail relay answered ${status}`;
  return status.startsWith('2')
    ? `the provider's gateway answered ${status}, but not that it took the message`
    : `the provider's gateway answered ${status}`;
}

/** The text for `ANSWER_406`: a code of the provider itself. */
function codeText(reason: string): string | undefined {
  const code = /^ANSWER_(\w+)$/.exec(reason)?.[1];
  return code === undefined ? undefined : `the provider answered with the code ${code}`;
}

const texts: ReadonlyMap<string, string> = new Map([
  ['START_DEADLINE', 'its send did not start in time, so it was not made'],
  ['SUSPENDED', 'the process was suspended for too long'],
  ['LEDGER_UNWRITABLE', "the provider's ledger could not be written"],
  ['PROVIDER_FAULT', 'talking to the provider failed unexpectedly'],
  ['NO_CONNECTION', "there was no connection to the provider's gateway"],
  ['STREAM_REFUSED', "the provider's gateway refused it unread"],
  ['FILE_NOT_UPLOADED', 'its file could not be uploaded to the provider, so the message was not sent'],
  ['CONNECTION_BROKEN', "the connection to the provider's gateway broke before it answered"],
  ['ANSWER_OF_ANOTHER', "the provider's gateway answered about another message"],
  ['CLOCK_SKEW', "the provider's gateway found it too late, because its clock is ahead of the dispatcher's"],
  ['HTTP_TIME_OUT', "the provider's gateway did not answer in time"],
  ['SMTP_TIME_OUT', 'the mail relay did not answer in time'],
  ['SMTP_NO_TOKEN', 'there was no valid token to log in to the mail relay'],
  ['SMTPUTF8_NOT_OFFERED', 'its address has letters that the mail relay does not take'],
  ['MESSAGE_TOO_LARGE', 'it is larger than the mail relay takes'],
  ['WARM_UP', "the day's share of the warm-up plan was used up"],
  ['DOMAIN_PACE', "it waited for its turn at the mail servers of the member's domain"],
  ['TURN_MISSED', "it had no connection in time for its turn under the provider's rate"],
  ['PROVIDER_THREW', "the company's own provider module threw"],
  ['PROVIDER_TIME_OUT', "the company's own provider module did not answer in time"],
  ['SIMULATED', 'the simulated provider refuses some bills, as its settings say'],
  ['NOT_IN_ANSWER', "the provider's answer to a request with many bills did not name it"],
  ['KEY_USED_BEFORE', 'the provider had its idempotency key already, and does not say with which outcome'],
  ['OWNER_GONE', 'the dispatcher that handed it off died before settling it'],
  ['LOOKUP', 'the provider said so in a look-up'],
  ['LOAD_STOPPED', 'the database kept aborting its load, and nothing was sent'],
  ['HAND_OFF_STOPPED', 'the database kept aborting its hand-off, and nothing was sent'],
  ['HAND_OFF_UNCONFIRMED', 'no standby had confirmed its hand-off, so nothing was sent'],
  ...channelNames.map((channel): [string, string] => [
    bouncedReason(channel),
    `the ${channels[channel].label} was accepted and came back`,
  ]),
  ['QUIET_HOURS', 'the member had quiet hours'],
  ['LMS', 'it was too long for an SMS and went out as LMS'],
]);

/** The codes with a text, without those that contain a number. */
export const answerReasons: readonly string[] = [...texts.keys()];
