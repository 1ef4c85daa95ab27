import type { BillId } from '../../bill.ts';
import type { Database, Statement } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';

/** What a person knows of a bill in doubt, or decides about it. */
export type DoubtVerdict = 'delivered' | 'resend' | 'failed';

/**
 * Builds the statement of one verdict on bills in doubt.
 *
 * The token that was seen is compared: a verdict is about one hand-off, and says nothing about a later one of the
 * same bill. What this very statement's first try has journalled counts as moved: its answer was lost.
 */
function resolving(verdict: { name: string; outcome: string; set: string }): Statement {
  return {
    name: verdict.name,
    text: `
    with seen as (
      select * from unnest($1::bigint[], $2::uuid[]) as seen (bill_id, token)
    ), doubted as (
      select n.bill_id, n.claim_token
      from bill_notification n join seen on seen.bill_id = n.bill_id and seen.token = n.claim_token
      where n.send_status = 'IN_DOUBT'
      order by n.bill_id
      for update of n skip locked
    ), resolved as (
      update bill_notification n
      set ${verdict.set}, in_doubt_at = null, not_before = now(), changed_at = now()
      from doubted
      where n.bill_id = doubted.bill_id and n.claim_token = doubted.claim_token and n.send_status = 'IN_DOUBT'
      returning n.bill_id, n.cycle, n.channel
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $3::uuid, '${verdict.outcome}', cycle, channel, true, $5, $4, now(), now() from resolved
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from resolved
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $3::uuid and outcome = '${verdict.outcome}'`,
  };
}

/** Fences 1 and 5: a change to PENDING or FAILED ends the claim and owes its event or its dead letter. */
const endsClaimAndOwes = `claim_token = null, publish_status = 'PENDING', publish_seq = n.publish_seq + 1`;

const verdicts: Readonly<Record<DoubtVerdict, Statement>> = {
  /** IN_DOUBT, a person: delivered -> DELIVERED; keeps its token, as every DELIVERED does */
  delivered: resolving({
    name: 'resolve-delivered',
    outcome: 'RESOLVED_DELIVERED',
    set: `send_status = 'DELIVERED', reason = null`,
  }),
  /**
   * IN_DOUBT, a person: resend -> PENDING, channel EMAIL, next cycle: the doubted attempt may yet be accepted
   * under its own key. The row keeps why it was in doubt.
   */
  resend: resolving({
    name: 'resolve-resend',
    outcome: 'RESOLVED_RESEND',
    set: `send_status = 'PENDING', channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, tried_ms = 0,
          ${endsClaimAndOwes}`,
  }),
  /** IN_DOUBT, a person: failed -> FAILED, dead letter owed, no retransmission: the member may have the bill */
  failed: resolving({
    name: 'resolve-failed',
    outcome: 'RESOLVED_FAILED',
    set: `send_status = 'FAILED', reason = 'GIVEN_UP', retransmit_at = null, ${endsClaimAndOwes}`,
  }),
};

/**
 * A person settles bills in doubt.
 * @param actor `person <user>`
 * @param reason for the journal, and only there
 */
export function resolveAs(
  database: Database,
  { verdict, actor, reason }: { verdict: DoubtVerdict; actor: string; reason: string },
): Move {
  return {
    allows: ({ sendStatus, token }, seen) => sendStatus === 'IN_DOUBT' && token === seen.token,
    make: async (standings, journalToken) => {
      const rows = await database.query<[BillId]>(verdicts[verdict], [
        plainArray(standings.map(({ billId }) => billId)),
        plainArray(standings.flatMap(({ token }) => (token === null ? [] : [token]))),
        journalToken,
        actor,
        reason,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}
