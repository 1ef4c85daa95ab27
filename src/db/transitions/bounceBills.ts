import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { type Ladder, nextChannel } from '../../ladder.ts';
import type { Database } from '../database.ts';
import { type AcceptedAttempts, acceptedKeyOf } from '../reads/acceptedAttempts.ts';
import type { Standing } from '../reads/standing.ts';
import { isInClosedMonth } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';
import { nextStep } from './fragments.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

/** A report about one accepted message that came back. */
export interface BounceEvidence {
  /** The attempt's idempotency key, if the report has one. */
  readonly key?: string | undefined;
  /** The provider's id of the accepted message, if the report has one. */
  readonly providerId?: string | undefined;
  /** The reason for the journal, without personal data. */
  readonly reason?: string | undefined;
}

/**
 * The entry in the journal is the evidence that invariant 1 demands before another channel may follow. The
 * cycle's age is counted from the bounce, since a bounce may come days after the acceptance.
 */
export const bounce = {
  name: 'bounce',
  event: 'a person: a bounce of that attempt, on record',
  by: ['person'],
  from: ['DELIVERED'],
  ifRow: 'by a channel with a next one',
  to: 'PENDING',
  andRow: 'next channel, same cycle',
  token: 'cleared',
  outcome: 'BOUNCED',
  set: `${nextStep('free.next_channel')}, reason = free.row_reason, tried_ms = 0`,
} as const satisfies Transition;

const statement = personStatement(bounce, {
  name: 'bounce',
  seen: [
    ['token', 'uuid'],
    ['channel', 'text'],
    ['next_channel', 'text'],
    ['row_reason', 'text'],
    ['provider_id', 'text'],
    ['why', 'text'],
  ],
  fences: (seen) => [
    `n.claim_token = ${seen}.token`,
    `n.channel = ${seen}.channel`,
    `${seen}.next_channel is not null`,
  ],
  billFence: `not ${isInClosedMonth}`,
  journal: {
    channel: 'seen_channel',
    providerId: 'seen_provider_id',
    reason: 'coalesce($4::text, seen_why)',
  },
});

/** Why a reported bounce does not turn the bill to the next channel. */
type NotBounced = 'notDelivered' | 'deliveredBySms' | 'notSentByBillcast' | 'otherAttempt';

export interface BounceRequest {
  /** The reports by bill. If a report names no attempt, it is about the attempt that the row names. */
  readonly evidence: ReadonlyMap<BillId, readonly BounceEvidence[]>;
  /** The attempts that the reports' provider ids belong to, see `findAcceptedAttempts`. */
  readonly accepted: AcceptedAttempts;
  readonly ladder: Ladder;
  /** `person <user>` */
  readonly actor: string;
}

/** Records bounces of accepted messages for a person. */
export function bounceAs(database: Database, { evidence, accepted, ladder, actor }: BounceRequest): Move {
  const nextOf = (standing: Standing): Channel | undefined => nextChannel(ladder, standing, 'bounced');
  function evidenceOf(standing: Standing): BounceEvidence | undefined {
    return evidence.get(standing.billId)?.find((report) => isAbout(report, standing, accepted));
  }
  function whyNot(standing: Standing): NotBounced | undefined {
    const { sendStatus, token } = standing;
    if (sendStatus !== 'DELIVERED') return 'notDelivered';
    if (nextOf(standing) === undefined) return 'deliveredBySms';
    if (token === null) return 'notSentByBillcast';
    return evidenceOf(standing) === undefined ? 'otherAttempt' : undefined;
  }
  return {
    allows: (standing, seen) => whyNot(standing) === undefined && standing.token === seen.token,
    whyNot: (standing) => whyNot(standing) ?? 'otherAttempt',
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        statement,
        { billIds: standings.map(({ billId }) => billId), journalToken, actor },
        [
          plainArray(standings.map(({ token }) => token ?? 'NULL')),
          standings.map(({ channel }) => channel),
          standings.map((standing) => nextOf(standing) ?? null),
          standings.map(({ channel }) => `${channel}_BOUNCED`),
          standings.map((standing) => evidenceOf(standing)?.providerId ?? null),
          standings.map((standing) => evidenceOf(standing)?.reason ?? null),
        ],
      ),
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
