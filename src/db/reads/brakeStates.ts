import { type Channel, type PerChannel, perChannel } from '../../channels.ts';
import { channelsBefore, type Ladder } from '../../ladder.ts';
import { type BrakeKind, needsPerson } from '../../policy/brake/verdict.ts';
import { type ProviderShares, type RouteName, routesOf } from '../../providers/providerShares.ts';
import { type Braked, selectBrakes } from '../brake.ts';
import { type RoutePace, selectPaces } from '../channelOutcomes.ts';
import type { Database } from '../database.ts';

/** One brake in the form for people. */
export interface RouteBrake {
  readonly on: boolean;
  readonly since: Date | null;
  /** `pace`: it is sending, as fast as the provider's 429 answers allow. */
  readonly kind: BrakeKind | 'pace' | null;
  /** What really happened: `ENOTFOUND typo.invalid`, `HTTP 402: no credit left`. */
  readonly cause: string | null;
  readonly by: string | null;
  readonly trials: number;
  readonly nextTrialAt: Date | null;
}

/** The brake of one channel. If it has several providers, it is on if none of them can be used. */
export interface BrakeState extends RouteBrake {
  /** By provider; missing if the channel has one provider. */
  readonly providers?: Readonly<Record<string, RouteBrake>>;
}

/** The order of the channels, and their providers. */
export interface UsedRoutes {
  readonly ladder: Ladder;
  readonly providers: ProviderShares;
}

export type BrakeStates = PerChannel<BrakeState>;

/** The state of all channels' brakes. */
export async function readBrakeStates(database: Database, used: UsedRoutes): Promise<BrakeStates> {
  return brakeStatesOf(used, await selectBrakes(database), await selectPaces(database));
}

/** Pure. If a brake waits for a person, the channels after it wait too: bills must not pile up there. */
export function brakeStatesOf(
  { ladder, providers: shares }: UsedRoutes,
  braked: readonly Braked[],
  paces: readonly RoutePace[],
): BrakeStates {
  const waiting = braked.filter(({ kind }) => needsPerson(kind));
  const stateOf = (route: RouteName): RouteBrake => {
    const brake = braked.find((one) => one.brake === route);
    return brake === undefined ? pacedState(paces.find((one) => one.route === route)) : brakedState(brake);
  };
  return perChannel((channel): BrakeState => {
    const before: readonly string[] = channelsBefore(ladder, channel);
    const holding = waiting.find(({ brake }) => before.includes(brake));
    const own = holding === undefined ? stateOf(channel) : brakedState(holding);
    if (shares[channel].length <= 1) return own;
    const providers = providerStates(channel, shares, stateOf);
    return { ...(own.on ? own : stateOfAll(Object.values(providers))), providers };
  });
}

function providerStates(
  channel: Channel,
  shares: ProviderShares,
  stateOf: (route: RouteName) => RouteBrake,
): Record<string, RouteBrake> {
  return Object.fromEntries(
    routesOf(channel, shares[channel]).map(({ name, route }) => [name, stateOf(route)]),
  );
}

/** If all providers are stopped, the channel is stopped too, with the cause of the one that stopped last. */
function stateOfAll(states: readonly RouteBrake[]): RouteBrake {
  if (states.some(({ kind }) => kind === null || kind === 'pace')) return off;
  const [last = off] = states.toSorted((a, b) => timeOf(b.since) - timeOf(a.since));
  const [soonest] = states
    .flatMap(({ nextTrialAt }) => nextTrialAt ?? [])
    .sort((a, b) => timeOf(a) - timeOf(b));
  return { ...last, nextTrialAt: soonest ?? null };
}

function timeOf(at: Date | null): number {
  return at?.getTime() ?? 0;
}

function brakedState({ since, kind, reason: cause, by, trials, nextTrialAt }: Braked): RouteBrake {
  return { on: true, since, kind, cause, by, trials, nextTrialAt };
}

function pacedState(pace: RoutePace | undefined): RouteBrake {
  if (pace === undefined) return off;
  const cause = `${pace.cause}; ${pace.perSecond.toFixed(1)} bills a second`;
  return { ...off, on: true, kind: 'pace', cause, since: pace.since };
}

export const off: RouteBrake = {
  on: false,
  since: null,
  kind: null,
  cause: null,
  by: null,
  trials: 0,
  nextTrialAt: null,
};
