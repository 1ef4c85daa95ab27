import { channelNames } from '../../channels.ts';
import { type ProviderShares, type RouteName, routesOf } from '../../providers/providerShares.ts';
import type { Database } from '../database.ts';

/** Which providers may be asked about bills in doubt. */
export interface RoutesToAsk {
  /** Providers whose brake is off. */
  readonly freely: readonly RouteName[];
  /**
   * Providers whose brake is on and for which nobody has a bill to try: one question may find out whether
   * they work again.
   */
  readonly trying: readonly RouteName[];
}

const select = {
  name: 'routes-to-ask',
  text: `
    select channel, coalesce(next_trial_at < now() - $1::float8 * interval '1 ms', false) from brake
    where kind is not null`,
};

/**
 * A dispatcher with a bill takes a due trial within seconds. If one is due for longer than this, nobody takes
 * it.
 */
const untriedMs = 15_000;

/**
 * While a provider's brake is on, it gets no look-ups: if it takes nothing, it is left alone. But if all its
 * bills are in doubt, there is none to try, and without a question the brake would never go off.
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
