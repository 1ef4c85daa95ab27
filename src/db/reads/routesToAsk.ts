import { channelNames } from '../../channels.ts';
import { type ProviderShares, type RouteName, routesOf } from '../../providers/providerShares.ts';
import type { Database } from '../database.ts';

/** Which providers may be asked about bills in doubt. */
export interface RoutesToAsk {
  /** Their brake is off. */
  readonly freely: readonly RouteName[];
  /**
   * Their brake is on, and nobody has a bill to try: one question may find out whether the provider works
   * again.
   */
  readonly trying: readonly RouteName[];
}

const select = {
  name: 'routes-to-ask',
  text: `
    select channel, coalesce(next_trial_at < now() - $1::float8 * interval '1 ms', false) from brake
    where kind is not null`,
};

/** A dispatcher with a bill takes a due trial within seconds. One that is due for this long has no taker. */
const untriedMs = 15_000;

/**
 * The look-ups of a provider pause while its brake is on: if it takes nothing, it is left alone. But if all
 * of its bills are in doubt, there is none to try, and the brake would never go off.
 */
export async function readRoutesToAsk(database: Database, shares: ProviderShares): Promise<RoutesToAsk> {
  const braked = new Map(await database.query<[RouteName, boolean]>(select, [untriedMs]));
  const routes = channelNames.flatMap((channel) =>
    routesOf(channel, shares[channel]).map(({ route }) => ({
      route,
      isUntried: braked.get(channel) ?? braked.get(route),
    })),
  );
  return {
    freely: routes.flatMap(({ route, isUntried }) => (isUntried === undefined ? [route] : [])),
    trying: routes.flatMap(({ route, isUntried }) => (isUntried === true ? [route] : [])),
  };
}
