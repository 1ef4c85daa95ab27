import type { BillId, ClaimToken } from '../../bill.ts';
import type { Database } from '../database.ts';
import type { Standing } from '../reads/selection.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';
import { isInClosedMonth } from './openMonth.ts';

/** What somebody reports of one accepted e-mail that came back. */
export interface BounceEvidence {
  /** The attempt's idempotency key, if the report has one. */
  readonly key?: string | undefined;
  /** The provider's id of the accepted message, if the report has one. */
  readonly providerId?: string | undefined;
  /** For the journal; without personal data. */
  readonly reason?: string | undefined;
}

/**
 * State table: DELIVERED by e-mail, a recorded bounce of that attempt -> PENDING, channel SMS, the same cycle.
 *
 * The token that was seen is compared: a report of one attempt says nothing about a later one of the same bill. The
 * journal's row is the evidence that invariant 1 asks for before another channel may follow. The cycle's age starts
 * anew, since a bounce may come days after the acceptance. What this very statement's first try has journalled counts
 * as moved: its answer was lost.
 */
const bounce = {
  name: 'bounce',
  text: `
    with seen as (
      select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[])
        as seen (bill_id, token, provider_id, reason)
    ), delivered as (
      select n.bill_id, n.claim_token, seen.provider_id, seen.reason
      from bill_notification n join seen on seen.bill_id = n.bill_id and seen.token = n.claim_token
      where n.send_status = 'DELIVERED' and n.channel = 'EMAIL'
      order by n.bill_id
      for update of n skip locked
    ), bounced as (
      update bill_notification n
      set send_status = 'PENDING', channel = 'SMS', attempts = 0, tried_ms = 0,
          reason = 'EMAIL_BOUNCED', claim_token = null, not_before = now(), changed_at = now(),
          publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from delivered
      where n.bill_id = delivered.bill_id and n.claim_token = delivered.claim_token
        and n.send_status = 'DELIVERED' and n.channel = 'EMAIL'
        and not ${isInClosedMonth}
      returning n.bill_id, n.cycle, delivered.provider_id, delivered.reason
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, provider_id, actor, started_at, finished_at)
      select bill_id, $5::uuid, 'BOUNCED', cycle, 'EMAIL', true, reason, provider_id, $6, now(), now() from bounced
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from bounced
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $5::uuid and outcome = 'BOUNCED'`,
};

/** Why a reported bounce turns nothing to SMS. */
type NotBounced = 'notDelivered' | 'deliveredBySms' | 'notSentByBillcast' | 'otherAttempt';

/**
 * A person enters bounces of accepted e-mails.
 * @param evidence by bill; one that names no attempt is believed of the attempt that stands in the row
 * @param accepted the attempts that the reports' provider ids belong to, see `findAcceptedAttempts`
 * @param actor `person <user>`
 */
export function bounceAs(
  database: Database,
  {
    evidence,
    accepted,
    actor,
  }: {
    readonly evidence: ReadonlyMap<BillId, readonly BounceEvidence[]>;
    readonly accepted: AcceptedAttempts;
    readonly actor: string;
  },
): Move {
  const evidenceOf = (standing: Standing): BounceEvidence | undefined =>
    evidence.get(standing.billId)?.find((report) => isAbout(report, standing, accepted));
  const whyNot = (standing: Standing): NotBounced | undefined => {
    const { sendStatus, channel, token } = standing;
    if (sendStatus !== 'DELIVERED') return 'notDelivered';
    if (channel !== 'EMAIL') return 'deliveredBySms';
    if (token === null) return 'notSentByBillcast';
    return evidenceOf(standing) === undefined ? 'otherAttempt' : undefined;
  };
  return {
    allows: (standing, seen) => whyNot(standing) === undefined && standing.token === seen.token,
    whyNot: (standing) => whyNot(standing) ?? 'otherAttempt',
    make: async (standings, journalToken) => {
      const rows = await database.query<[BillId]>(bounce, [
        plainArray(standings.map(({ billId }) => billId)),
        plainArray(standings.map(({ token }) => token ?? 'NULL')),
        standings.map((standing) => evidenceOf(standing)?.providerId ?? null),
        standings.map((standing) => evidenceOf(standing)?.reason ?? null),
        journalToken,
        actor,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}

function isAbout(
  { key, providerId }: BounceEvidence,
  { billId, channel, cycle, token }: Standing,
  accepted: AcceptedAttempts,
): boolean {
  if (key !== undefined) return key === `${billId}:${channel}:${cycle}`;
  return providerId === undefined || (token !== null && accepted.has(acceptedKeyOf(token, providerId)));
}

/** Attempts by the provider's id of them, see `findAcceptedAttempts`. */
export type AcceptedAttempts = ReadonlySet<string>;

function acceptedKeyOf(token: ClaimToken, providerId: string): string {
  return `${token}/${providerId}`;
}

const selectAccepted = {
  name: 'select-accepted-attempts',
  text: `
    select distinct a.claim_token, a.provider_id
    from delivery_attempt a
      join unnest($1::bigint[], $2::text[]) as report (bill_id, provider_id)
        on report.bill_id = a.bill_id and report.provider_id = a.provider_id
    where a.outcome = 'ACCEPTED'`,
};

const reportsACall = 5_000;

/** Which attempts, by the journal, the provider accepted under the ids that these reports name. */
export async function findAcceptedAttempts(
  database: Database,
  evidence: ReadonlyMap<BillId, readonly BounceEvidence[]>,
): Promise<AcceptedAttempts> {
  const named = [...evidence].flatMap(([billId, reports]) =>
    reports.flatMap(({ providerId }) => (providerId === undefined ? [] : [{ billId, providerId }])),
  );
  const accepted = new Set<string>();
  for (let next = 0; next < named.length; next += reportsACall) {
    const part = named.slice(next, next + reportsACall);
    const rows = await database.query<[ClaimToken, string]>(selectAccepted, [
      plainArray(part.map(({ billId }) => billId)),
      part.map(({ providerId }) => providerId),
    ]);
    for (const [token, providerId] of rows) accepted.add(acceptedKeyOf(token, providerId));
  }
  return accepted;
}
