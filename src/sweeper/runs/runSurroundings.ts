import { channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { type Braked, selectBrakes } from '../../db/brake.ts';
import { type RoutePace, selectPaces } from '../../db/channelOutcomes.ts';
import { readControl } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { brakeStatesOf } from '../../db/reads/brakeStates.ts';
import { readClusterHealth } from '../../db/reads/clusterHealth.ts';
import { firstChannel } from '../../ladder.ts';
import { channelOfRoute, nameInSetting, type RouteName, routesOf } from '../../providers/providerShares.ts';

/** The settings that runs depend on. */
export type RunConfig = Pick<
  Config,
  'billModel' | 'claimTtlMs' | 'ladder' | 'providerRates' | 'providers' | 'source'
>;

/** What holds for all runs at the moment. */
export interface Surroundings {
  readonly isPaused: boolean;
  /** The brakes that are on, in words. */
  readonly brakes: readonly string[];
  /** The first channel's brake, if it is on: then no bill goes out. */
  readonly firstBrake: string | undefined;
  /** A provider of the first channel that answers with 429. */
  readonly slowedBy: string | undefined;
  /** The sum of `PROVIDER_RATES` over the first channel's providers; null if one of them has no rate. */
  readonly providerPerSecond: number | null;
  /** The template versions of living dispatchers. */
  readonly templateVersions: readonly string[];
  readonly dispatchers: number;
}

export async function readSurroundings(database: Database, config: RunConfig): Promise<Surroundings> {
  const { ladder, providers, claimTtlMs } = config;
  const [{ paused }, braked, paces, health] = await Promise.all([
    readControl(database),
    selectBrakes(database),
    selectPaces(database),
    readClusterHealth(database, claimTtlMs),
  ]);
  const first = firstChannel(ladder);
  const state = brakeStatesOf({ ladder, providers }, braked, paces)[first];
  const isStopped = state.on && state.kind !== 'pace';
  return {
    isPaused: paused,
    brakes: braked.filter(({ brake }) => ladder.order.includes(channelOfRoute(brake))).map(brakeInWords),
    firstBrake: isStopped ? inWords(first, state.cause ?? state.kind) : undefined,
    slowedBy: slowedBy(paces, (route) => channelOfRoute(route) === first),
    providerPerSecond: rateOf(config),
    templateVersions: health.templateVersions,
    dispatchers: health.alive,
  };
}

function brakeInWords({ brake, kind, reason }: Braked): string {
  return inWords(brake, reason === null ? kind : `${kind}: ${reason}`);
}

/** `e-mail by ses: unreachable: ENOTFOUND typo.invalid` */
function inWords(route: RouteName, cause: string | null): string {
  const [, provider] = route.split('/');
  const { label } = channels[channelOfRoute(route)];
  return `${label}${provider === undefined ? '' : ` by ${provider}`}: ${cause ?? 'no cause is known'}`;
}

function slowedBy(
  paces: readonly RoutePace[],
  isOfChannel: (route: RouteName) => boolean,
): string | undefined {
  const pace = paces.find(({ route }) => isOfChannel(route));
  return pace && `${pace.cause}, ${pace.perSecond.toFixed(1)} bills per second`;
}

function rateOf({ ladder, providers, providerRates }: RunConfig): number | null {
  const first = firstChannel(ladder);
  const rates = routesOf(first, providers[first]).map(
    ({ name }) => providerRates[nameInSetting(providerRates, first, name)],
  );
  return rates.reduce<number | null>(
    (sum, rate) => (sum === null || rate === undefined ? null : sum + rate),
    0,
  );
}
