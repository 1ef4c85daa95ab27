import { idempotencyKeyOf, type SettlingTransition } from '../bill.ts';
import type { Channel } from '../channels.ts';
import { type Doubt, listDoubts, postponeLookups } from '../db/reads/inDoubt.ts';
import { settle } from '../db/transitions/settleBills.ts';
import { nextLookupDelayMs } from '../policy/retryPolicy.ts';
import type { LookupAnswer } from '../providers/provider.ts';
import type { SweepDeps } from './sweep.ts';

/** What asking about bills in doubt brought, in bills. */
export interface DoubtReport {
  /** The provider had accepted them. */
  readonly foundAccepted: number;
  /** The provider never saw them and no longer can: on their way again. */
  readonly foundNever: number;
  /** The provider could not tell. */
  readonly stillInDoubt: number;
}

/**
 * Asks the providers about bills in doubt, until all that are due are asked or the time is over: the rest are the first
 * of the next round. Fence 4: the token and the age of the hand-off are read first, then the provider is asked, then the
 * row is changed only if it is still in doubt by that token.
 * @param signal ends the round early
 */
export async function resolveDoubts(
  deps: SweepDeps,
  { forMs, signal }: { readonly forMs: number; readonly signal?: AbortSignal },
): Promise<DoubtReport> {
  const total = { foundAccepted: 0, foundNever: 0, stillInDoubt: 0 };
  const until = performance.now() + forMs;
  const mayGoOn = (): boolean => performance.now() < until && signal?.aborted !== true;
  /** Asks about a page of doubts, and settles what that brought. */
  const page = async (channels: readonly Channel[], limit: number): Promise<readonly Asked[]> => {
    if (channels.length === 0) return [];
    const limits = { horizonMs: deps.lookupHorizonMs, limit, channels };
    const asked = await askAll(deps, await listDoubts(deps.database, limits), mayGoOn);
    total.foundAccepted += await apply(deps, 'accepted', asked);
    total.foundNever += await apply(deps, 'never', asked);
    total.stillInDoubt += await postpone(deps, asked);
    return asked;
  };
  for (let all = false; !all && mayGoOn(); ) {
    const { freely, trying } = await deps.channelsToAsk();
    const channels = [...freely];
    for (const channel of trying) {
      if ((await page([channel], 1)).some(({ answer }) => answer !== 'cannotTell')) channels.push(channel);
    }
    all = (await page(channels, doubtsACall)).length < doubtsACall;
  }
  if (total.foundAccepted + total.foundNever > 0) deps.log.info(total, 'bills in doubt settled by look-up');
  return total;
}

const doubtsACall = 1_000;

type Verdict = Extract<SettlingTransition, 'accepted' | 'never'> | 'postponed';

interface Asked {
  readonly doubt: Doubt;
  readonly answer: LookupAnswer;
  readonly verdict: Verdict;
}

/** Each provider is asked as many at a time as it wants: none of them waits for the other one. */
async function askAll(deps: SweepDeps, doubts: readonly Doubt[], mayGoOn: () => boolean): Promise<Asked[]> {
  const asked: Asked[] = [];
  const askInTurn = async (next: Iterator<Doubt>): Promise<void> => {
    for (let turn = next.next(); turn.done !== true; turn = next.next()) {
      if (!mayGoOn()) return;
      asked.push(await ask(deps, turn.value));
    }
  };
  const byChannel = Map.groupBy(doubts, ({ claim }) => claim.channel);
  const turns = [...byChannel].flatMap(([channel, ofChannel]) => {
    const atOnce = Math.min(deps.providers[channel].lookupsAtOnce, ofChannel.length);
    const next = ofChannel.values();
    return Array.from({ length: atOnce }, () => askInTurn(next));
  });
  await Promise.all(turns);
  return asked;
}

async function ask({ providers, throttledLog }: SweepDeps, doubt: Doubt): Promise<Asked> {
  const provider = providers[doubt.claim.channel];
  const answer = await provider
    .lookup(idempotencyKeyOf(doubt.claim))
    .catch((error: unknown): LookupAnswer => {
      throttledLog.warn('lookup failed', { billId: doubt.claim.billId, provider: provider.name, err: error });
      return 'cannotTell';
    });
  return { doubt, answer, verdict: verdictOf(answer, doubt.pastHorizon) };
}

/** Before the horizon, "never" may still become "accepted": a request can be under way after its sender's death. */
function verdictOf(answer: LookupAnswer, pastHorizon: boolean): Verdict {
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
}

async function apply(
  { database, actor }: SweepDeps,
  transition: Extract<SettlingTransition, 'accepted' | 'never'>,
  asked: readonly Asked[],
): Promise<number> {
  const settlements = asked
    .filter(({ verdict }) => verdict === transition)
    .map(({ doubt }) => ({
      claim: doubt.claim,
      elapsedMs: doubt.handedOffMsAgo,
      reason: 'LOOKUP',
    }));
  if (settlements.length === 0) return 0;
  return settlements.length - (await settle(database, transition, { settlements, actor })).size;
}

async function postpone({ database, lookupHorizonMs }: SweepDeps, asked: readonly Asked[]): Promise<number> {
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
}
