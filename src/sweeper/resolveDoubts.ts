import { idempotencyKeyOf } from '../bill.ts';
import { type Doubt, listDoubts, postponeLookups } from '../db/inDoubt.ts';
import { type SettlingTransition, settle } from '../db/settle.ts';
import type { LookupAnswer } from '../send/provider.ts';
import { nextLookupDelayMs } from '../send/retryPolicy.ts';
import type { SweepParts } from './sweep.ts';

const doubtsACall = 1_000;

type Verdict = Extract<SettlingTransition, 'accepted' | 'never'> | 'postponed';

/**
 * Asks the providers about bills in doubt. Fence 4: the token and the age of the hand-off are read first, then
 * the provider is asked, then the row is changed only if it is still in doubt by that token.
 */
export const resolveDoubts = async (
  parts: SweepParts,
): Promise<{ foundAccepted: number; foundNever: number; stillInDoubt: number }> => {
  const total = { foundAccepted: 0, foundNever: 0, stillInDoubt: 0 };
  for (let listed = doubtsACall; listed === doubtsACall; ) {
    const doubts = await listDoubts(parts.database, { horizonMs: parts.lookupHorizonMs, limit: doubtsACall });
    listed = doubts.length;
    const asked = await Promise.all(doubts.map((doubt) => ask(parts, doubt)));
    total.foundAccepted += await apply(parts, 'accepted', asked);
    total.foundNever += await apply(parts, 'never', asked);
    total.stillInDoubt += await postpone(parts, asked);
  }
  return total;
};

interface Asked {
  readonly doubt: Doubt;
  readonly verdict: Verdict;
}

const ask = async ({ providers, tally }: SweepParts, doubt: Doubt): Promise<Asked> => {
  const provider = providers[doubt.claim.channel];
  const answer = await provider
    .lookup(idempotencyKeyOf(doubt.claim))
    .catch((error: unknown): LookupAnswer => {
      tally.count('lookup failed', { billId: doubt.claim.billId, provider: provider.name, err: error });
      return 'cannotTell';
    });
  return { doubt, verdict: verdictOf(answer, doubt.pastHorizon) };
};

/** Before the horizon, "never" may still become "accepted": a request can be under way after its sender's death. */
const verdictOf = (answer: LookupAnswer, pastHorizon: boolean): Verdict => {
  switch (answer) {
    case 'accepted':
      return 'accepted';
    case 'never':
      return pastHorizon ? 'never' : 'postponed';
    case 'cannotTell':
      return 'postponed';
    default:
      return answer satisfies never;
  }
};

const apply = async (
  { database, actor }: SweepParts,
  transition: Extract<SettlingTransition, 'accepted' | 'never'>,
  asked: readonly Asked[],
): Promise<number> => {
  const settlements = asked
    .filter(({ verdict }) => verdict === transition)
    .map(({ doubt }) => ({
      claim: doubt.claim,
      elapsedMs: doubt.handedOffMsAgo,
      reason: 'LOOKUP',
    }));
  if (settlements.length === 0) return 0;
  return settlements.length - (await settle(database, transition, { settlements, actor })).size;
};

const postpone = async (
  { database, lookupHorizonMs }: SweepParts,
  asked: readonly Asked[],
): Promise<number> => {
  const later = asked
    .filter(({ verdict }) => verdict === 'postponed')
    .map(({ doubt }) => ({
      claim: doubt.claim,
      delayMs: doubt.pastHorizon
        ? nextLookupDelayMs(doubt.handedOffMsAgo)
        : Math.min(nextLookupDelayMs(doubt.handedOffMsAgo), lookupHorizonMs - doubt.handedOffMsAgo + 1),
    }));
  if (later.length > 0) await postponeLookups(database, later);
  return later.length;
};
