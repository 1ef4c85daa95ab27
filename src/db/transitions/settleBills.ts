import pg from 'pg';
import { type BillId, type Claim, compareIds, type SettlingTransition } from '../../bill.ts';
import type { Database, Statement } from '../database.ts';
import { plainArray } from '../sql.ts';

/**
 * What became of one claim, to be written to its row and to the journal.
 * `elapsedMs` is how long the attempt took; the database's clock turns it into times of day.
 */
export interface Settlement {
  readonly claim: Pick<Claim, 'billId' | 'channel' | 'cycle' | 'token'>;
  readonly elapsedMs: number;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  /** Of the address that was refused for good; only refusals keep it. */
  readonly addressHash?: string | undefined;
  /** For a change to PENDING: how long the bill waits; for FAILED: until its retransmission, if any. */
  readonly delayMs?: number | undefined;
}

/** The settlements whose row had moved on, so that they changed nothing, by `settlementKeyOf`. */
export type TooLate = ReadonlySet<string>;

export function settlementKeyOf(claim: Pick<Claim, 'billId' | 'token'>): string {
  return `${claim.billId}/${claim.token}`;
}

/** One settling transition, and the same again when an answer of it may be in the journal already. */
interface Settling {
  readonly first: Statement;
  readonly again: Statement;
}

/**
 * Builds the statements of one settling transition. All of them have the same form: every answer is compared
 * with the row by bill, token and state; those that win change the row; all of them are journalled, with
 * `applied` false where the row had moved on (a late answer is evidence, never a state).
 */
function settling(transition: { name: string; outcome: string; from: string; set: string }): Settling {
  return {
    first: { name: transition.name, text: settlingText(transition, '') },
    again: {
      name: `${transition.name}-again`,
      text: settlingText(transition, 'on conflict (bill_id, claim_token, outcome) do nothing'),
    },
  };
}

function answersWith(hashes: string, hash: string): string {
  return `
      select * from unnest($1::bigint[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::float8[]${hashes})
        as answer (bill_id, token, cycle, channel, elapsed_ms, reason, provider_id, delay_ms${hash})`;
}

function settlingText(
  transition: { outcome: string; from: string; set: string },
  onConflict: string,
): string {
  const isRefusal = transition.outcome === refusedOutcome;
  const hashes = isRefusal ? ', $10::text[]' : '';
  const hash = isRefusal ? ', address_hash' : '';
  return `
    with answer as (${answersWith(hashes, hash)}), settled as (
      update bill_notification n
      set ${transition.set}, changed_at = now()
      from answer
      where n.bill_id = answer.bill_id
        and n.claim_token = answer.token
        and n.send_status in (${transition.from})
      returning n.bill_id, answer.token
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, provider_id, actor, started_at, finished_at${hash})
      select answer.bill_id, answer.token, '${transition.outcome}', answer.cycle, answer.channel,
             settled.bill_id is not null, answer.reason, answer.provider_id, $9,
             now() - answer.elapsed_ms * interval '1 ms', now()${hash}
      from answer left join settled on settled.bill_id = answer.bill_id and settled.token = answer.token
      ${onConflict}
    )
    select answer.bill_id, answer.token
    from answer left join settled on settled.bill_id = answer.bill_id and settled.token = answer.token
    where settled.bill_id is null`;
}

/** The only one that keeps which address was asked. */
const refusedOutcome = 'REFUSED';

/**
 * A change to PENDING owes an event: fence 5, in the same UPDATE. What is owed from now on stands behind what was owed
 * before, so that the relay need not look for it among all of that: not_before is now.
 */
const owesEvent = `publish_status = 'PENDING', publish_seq = publish_seq + 1`;
/** A change to PENDING or FAILED ends the claim: fence 1. */
const endsClaim = `claim_token = null, in_doubt_at = null, reason = answer.reason`;
const waits = `not_before = now() + coalesce(answer.delay_ms, 0) * interval '1 ms'`;
const retransmitted = `retransmit_at = now() + answer.delay_ms * interval '1 ms'`;
const turnsToSms = `send_status = 'PENDING', channel = 'SMS', attempts = 0, not_before = now(),
  ${endsClaim}, ${owesEvent}`;
const fails = `send_status = 'FAILED', not_before = now(), ${retransmitted}, ${endsClaim}, ${owesEvent}`;
const waitsItsTurn = `send_status = 'PENDING', ${waits}, ${endsClaim}, ${owesEvent}`;

const afterHandOff = `'SENT', 'IN_DOUBT'`;
const inPreparation = `'SENDING'`;

/**
 * The one transition that leaves no row in the journal: nothing was tried. It has the values of the others, so that the
 * settler treats all alike.
 */
function quietly({ name, from, set }: { name: string; from: string; set: string }): Settling {
  const text = `
    with answer as (${answersWith('', '')}), settled as (
      update bill_notification n
      set ${set}, changed_at = now()
      from answer
      where n.bill_id = answer.bill_id
        and n.claim_token = answer.token
        and n.send_status in (${from})
      returning n.bill_id, answer.token
    )
    select answer.bill_id, answer.token
    from answer left join settled on settled.bill_id = answer.bill_id and settled.token = answer.token
    where settled.bill_id is null and $9::text is not null`;
  return { first: { name, text }, again: { name, text } };
}

const transitions = {
  /** SENT, IN_DOUBT: accepted -> DELIVERED */
  accepted: settling({
    name: 'settle-accepted',
    outcome: 'ACCEPTED',
    from: afterHandOff,
    set: `send_status = 'DELIVERED', in_doubt_at = null, reason = null`,
  }),
  /** SENT, IN_DOUBT: e-mail refused -> PENDING, channel SMS */
  refusedToNext: settling({
    name: 'settle-email-refused',
    outcome: 'REFUSED',
    from: afterHandOff,
    set: turnsToSms,
  }),
  /** SENT, IN_DOUBT: SMS refused -> FAILED, dead letter owed, retransmit_at */
  refusedForGood: settling({
    name: 'settle-sms-refused',
    outcome: 'REFUSED',
    from: afterHandOff,
    set: fails,
  }),
  /** SENDING, SENT, IN_DOUBT: certainly not sent -> PENDING after the back-off */
  notSent: settling({
    name: 'settle-not-sent',
    outcome: 'NOT_SENT',
    from: `'SENDING', ${afterHandOff}`,
    set: `${waitsItsTurn}, tried_ms = tried_ms + answer.elapsed_ms + coalesce(answer.delay_ms, 0)`,
  }),
  /** SENT, IN_DOUBT: certainly not sent, and its channel is braked -> PENDING; the attempt does not count */
  braked: settling({
    name: 'settle-braked',
    outcome: 'NOT_SENT',
    from: afterHandOff,
    set: `${waitsItsTurn}, attempts = greatest(attempts - 1, 0), tried_ms = tried_ms + answer.elapsed_ms`,
  }),
  /** SENDING, SENT: nothing was begun, since the brake went on -> PENDING; nothing of it counts */
  held: quietly({
    name: 'settle-held',
    from: `${inPreparation}, 'SENT'`,
    set: `send_status = 'PENDING', ${waits}, claim_token = null, ${owesEvent},
      attempts = case when n.send_status = 'SENT' then greatest(n.attempts - 1, 0) else n.attempts end`,
  }),
  /** SENT: unknown -> IN_DOUBT */
  unknown: settling({
    name: 'settle-unknown',
    outcome: 'UNKNOWN',
    from: `'SENT'`,
    set: `send_status = 'IN_DOUBT', in_doubt_at = now(), reason = answer.reason, not_before = '-infinity'`,
  }),
  /** IN_DOUBT: authoritative lookup past the horizon: never -> PENDING, same cycle, same key */
  never: settling({
    name: 'settle-never',
    outcome: 'NEVER',
    from: `'IN_DOUBT'`,
    set: waitsItsTurn,
  }),
  /** SENDING: no e-mail address -> PENDING, channel SMS */
  unaddressedToNext: settling({
    name: 'settle-no-email-address',
    outcome: 'UNPREPARABLE',
    from: inPreparation,
    set: turnsToSms,
  }),
  /** SENDING: the e-mail address was refused for good in an earlier cycle -> PENDING, channel SMS */
  refusedBeforeToNext: settling({
    name: 'settle-email-refused-before',
    outcome: 'NOT_ASKED',
    from: inPreparation,
    set: turnsToSms,
  }),
  /** SENDING: the phone number was refused for good in an earlier cycle -> FAILED, dead letter owed, no retransmission */
  refusedBeforeForGood: settling({
    name: 'settle-sms-refused-before',
    outcome: 'NOT_ASKED',
    from: inPreparation,
    set: fails,
  }),
  /** SENDING, SENT, IN_DOUBT: certainly not sent, and the cycle has lasted too long -> FAILED, dead letter owed */
  exhausted: settling({
    name: 'settle-exhausted',
    outcome: 'NOT_SENT',
    from: `'SENDING', ${afterHandOff}`,
    set: fails,
  }),
  /** SENDING: the member's quiet hours -> PENDING until they end */
  quietHours: settling({
    name: 'settle-quiet-hours',
    outcome: 'QUIET',
    from: inPreparation,
    set: waitsItsTurn,
  }),
  /** SENDING: cannot be prepared -> FAILED, dead letter owed, no retransmission */
  unpreparable: settling({
    name: 'settle-unpreparable',
    outcome: 'UNPREPARABLE',
    from: inPreparation,
    set: fails,
  }),
} as const satisfies Record<SettlingTransition, Settling>;

/**
 * Settles claims by one transition and journals every one of them.
 * @param actor who found the answer, for the journal: `dispatcher host:pid`, `sweeper host:pid`
 * @returns which of them no longer held their token: hardly ever one, so that nothing is sent back for the others
 */
export async function settle(
  database: Database,
  transition: SettlingTransition,
  { settlements: answers, actor }: { settlements: readonly Settlement[]; actor: string },
): Promise<TooLate> {
  // As every statement on many rows: those that overlap wait for each other instead of deadlocking.
  const settlements = answers.toSorted((a, b) => compareIds(a.claim.billId, b.claim.billId));
  const rows = await ask(database, transitions[transition], [
    plainArray(settlements.map(({ claim }) => claim.billId)),
    plainArray(settlements.map(({ claim }) => claim.token)),
    plainArray(settlements.map(({ claim }) => claim.cycle)),
    plainArray(settlements.map(({ claim }) => claim.channel)),
    plainArray(settlements.map(({ elapsedMs }) => elapsedMs.toFixed(1))),
    unlessAllMissing(settlements.map(({ reason }) => reason)),
    unlessAllMissing(settlements.map(({ providerId }) => providerId)),
    unlessAllMissing(settlements.map(({ delayMs }) => delayMs)),
    actor,
    ...(transition === 'refusedToNext' || transition === 'refusedForGood'
      ? [unlessAllMissing(settlements.map(({ addressHash }) => addressHash))]
      : []),
  ]);
  return new Set(rows.map(([billId, token]) => settlementKeyOf({ billId, token })));
}

/**
 * Nearly always nothing of it is journalled yet, and an insert that need not expect it costs 3 us a bill less. Where
 * something is (a first try whose commit's answer was lost), nothing of this try has happened.
 */
async function ask(
  database: Database,
  { first, again }: Settling,
  values: unknown[],
): Promise<[BillId, Claim['token']][]> {
  try {
    return await database.query(first, values);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return await database.query(again, values);
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** `unnest` gives null for what an array is too short for, or there is no array of. */
function unlessAllMissing<T>(values: readonly (T | undefined)[]): readonly (T | undefined)[] | null {
  return values.every((value) => value === undefined) ? null : values;
}
