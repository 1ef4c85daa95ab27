import { idempotencyKeyOf, type SettlingTransition } from '../bill.ts';
import { channelNames } from '../channels.ts';
import { type AskedProvider, type Doubt, listDueDoubts, postponeLookups } from '../db/reads/inDoubt.ts';
import { settle, settlementKeyOf } from '../db/transitions/settleBills.ts';
import { nextLookupDelayMs } from '../policy/retryPolicy.ts';
import type { LookupAnswer, Provider } from '../providers/provider.ts';
import type { Providers } from '../providers/providerKind.ts';
import type { RouteName } from '../providers/providerShares.ts';
import type { SweepDeps } from './sweepDeps.ts';

/** The result of a round of look-ups, in bills. */
export interface DoubtReport {
  /** The provider has accepted them. */
  readonly foundAccepted: number;
  /** The provider never saw them and no longer can: they are sent again. */
  readonly foundNever: number;
  /** The provider could not say. */
  readonly stillInDoubt: number;
}

/**
 * Asks the providers about bills in doubt, until none is due or the time is over; the rest come first in the
 * next round. Fence 4: reads the token and the age of the hand-off, then asks the provider, then changes the
 * row only if it is still in doubt with that token.
 * @param signal ends the round early
 */
export async function resolveDoubts(
  deps: SweepDeps,
  { forMs, signal }: { readonly forMs: number; readonly signal?: AbortSignal },
): Promise<DoubtReport> {
  const total = { foundAccepted: 0, foundNever: 0, stillInDoubt: 0 };
  const until = performance.now() + forMs;
  const mayContinue = (): boolean => performance.now() < until && signal?.aborted !== true;
  /** Asks about one page of doubts, and settles the answers. */
  const page = async (routes: readonly RouteName[], limit: number): Promise<readonly Asked[]> => {
    if (routes.length === 0) return [];
    const limits = { horizonMs: deps.lookupHorizonMs, limit, asked: askedAt(deps.providers, routes) };
    const asked = await askAll(deps, await listDueDoubts(deps.database, limits), mayContinue);
    total.foundAccepted += await apply(deps, 'accepted', asked);
    total.foundNever += await apply(deps, 'never', asked);
    total.stillInDoubt += await postpone(deps, asked);
    return asked;
  };
  for (let all = false; !all && mayContinue(); ) {
    const { freely, trying } = await deps.routesToAsk();
    const routes = [...freely];
    for (const route of trying) {
      if ((await page([route], 1)).some(({ answer }) => answer !== 'cannotTell')) routes.push(route);
    }
    all = (await page(routes, doubtsPerCall)).length < doubtsPerCall;
  }
  if (total.foundAccepted + total.foundNever > 0) deps.log.info(total, 'bills in doubt settled by look-up');
  return total;
}

const doubtsPerCall = 1_000;

function askedAt(providers: Providers, routes: readonly RouteName[]): AskedProvider[] {
  return channelNames.flatMap((channel) =>
    providers[channel]
      .filter(({ route }) => routes.includes(route))
      .map(({ name }) => ({ channel, provider: name, isOnly: providers[channel].length === 1 })),
  );
}

/**
 * Keys do not cross providers: only the provider that the bill was handed off to can say what became of it.
 * If that is unknown and the channel has one provider, this one is asked.
 */
function providerOf(providers: Providers, { claim, provider }: Doubt): Provider | undefined {
  const all = providers[claim.channel];
  const named = provider === null && all.length === 1 ? all[0] : all.find(({ name }) => name === provider);
  return named?.provider;
}

type Verdict = Extract<SettlingTransition, 'accepted' | 'never'> | 'postponed';

interface Asked {
  readonly doubt: Doubt;
  readonly answer: LookupAnswer;
  readonly verdict: Verdict;
}

/** Each provider is asked with its own concurrency, so that none waits for another. */
async function askAll(
  deps: SweepDeps,
  doubts: readonly Doubt[],
  mayContinue: () => boolean,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const askInTurn = async (provider: Provider, next: Iterator<Doubt>): Promise<void> => {
    for (let turn = next.next(); turn.done !== true; turn = next.next()) {
      if (!mayContinue()) return;
      asked.push(await ask(deps, provider, turn.value));
    }
  };
  const byProvider = Map.groupBy(doubts, (doubt) => providerOf(deps.providers, doubt));
  const turns = [...byProvider].flatMap(([provider, itsDoubts]) => {
    if (provider === undefined) return [];
    const atOnce = Math.min(provider.lookupsAtOnce, itsDoubts.length);
    const next = itsDoubts.values();
    return Array.from({ length: atOnce }, () => askInTurn(provider, next));
  });
  await Promise.all(turns);
  return asked;
}

async function ask({ throttledLog }: SweepDeps, provider: Provider, doubt: Doubt): Promise<Asked> {
  const answer = await provider
    .lookup(idempotencyKeyOf(doubt.claim))
    .catch((error: unknown): LookupAnswer => {
      throttledLog.warn('lookup failed', { billId: doubt.claim.billId, provider: provider.name, err: error });
      return 'cannotTell';
    });
  return { doubt, answer, verdict: verdictOf(answer, doubt.pastHorizon) };
}

/**
 * Before the horizon, "never" may still become "accepted": a request can be in flight after its sender's
 * death.
 */
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
  { database, tally, actor }: SweepDeps,
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
  const tooLate = await settle(database, transition, { settlements, actor });
  if (transition === 'accepted') {
    for (const { claim } of settlements) {
      if (!tooLate.has(settlementKeyOf(claim))) tally?.add('delivered', claim.billId);
    }
  }
  return settlements.length - tooLate.size;
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
