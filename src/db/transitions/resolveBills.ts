import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import { nextCycle } from './fragments.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

/** What a person knows about a bill in doubt, or decides about it. */
export type DoubtVerdict = 'delivered' | 'resend' | 'failed';

const verdict = { by: ['person'], from: ['IN_DOUBT'] } as const;

export const resolutions = {
  delivered: {
    ...verdict,
    name: 'resolveDelivered',
    event: 'a person: delivered',
    to: 'DELIVERED',
    token: 'kept',
    outcome: 'RESOLVED_DELIVERED',
    set: 'reason = null, not_before = now()',
  },
  /**
   * In the next cycle, since the attempt in doubt may yet be accepted under its own key. The row keeps why it
   * was in doubt.
   */
  resend: {
    ...verdict,
    name: 'resolveResend',
    event: 'a person: resend',
    to: 'PENDING',
    andRow: 'first channel, next cycle',
    token: 'cleared',
    outcome: 'RESOLVED_RESEND',
    set: nextCycle('$6'),
  },
  /** Without a retransmission: the member may have the bill. */
  failed: {
    ...verdict,
    name: 'resolveFailed',
    event: 'a person: failed',
    to: 'FAILED',
    andRow: 'dead letter owed, no retransmission',
    token: 'cleared',
    outcome: 'RESOLVED_FAILED',
    set: `reason = 'GIVEN_UP', retransmit_at = null, not_before = now()`,
  },
} as const satisfies Record<DoubtVerdict, Transition>;

function statementOf(name: string, transition: (typeof resolutions)[DoubtVerdict]) {
  return personStatement(transition, {
    name,
    seen: [['token', 'uuid']],
    fences: (seen) => [`n.claim_token = ${seen}.token`],
  });
}

const statements = {
  delivered: statementOf('resolve-delivered', resolutions.delivered),
  resend: statementOf('resolve-resend', resolutions.resend),
  failed: statementOf('resolve-failed', resolutions.failed),
};

/**
 * Settles bills in doubt for a person.
 * @param actor `person <user>`
 * @param first the channel with which a resend begins
 * @param reason for the journal only
 */
export function resolveAs(
  database: Database,
  {
    verdict,
    first,
    actor,
    reason,
  }: {
    readonly verdict: DoubtVerdict;
    readonly first: Channel;
    readonly actor: string;
    readonly reason: string;
  },
): Move {
  return {
    allows: ({ sendStatus, token }, seen) => sendStatus === 'IN_DOUBT' && token === seen.token,
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        statements[verdict],
        { billIds: standings.map(({ billId }) => billId), journalToken, actor, reason },
        [plainArray(standings.map(({ token }) => token ?? 'NULL')), ...(verdict === 'resend' ? [first] : [])],
      ),
  };
}
