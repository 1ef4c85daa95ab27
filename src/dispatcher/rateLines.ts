import type { NumberByProvider } from '../config/providerLimits.ts';
import type { Database } from '../db/database.ts';
import { reserveSends } from '../db/providerRates.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import { ClockOffset } from '../policy/rate/clockOffset.ts';
import { RateLine } from '../policy/rate/rateLine.ts';
import type { Reserve } from '../policy/rate/reservation.ts';
import type { OpenProvider } from '../providers/providerKind.ts';
import { channelOfRoute, nameInSetting } from '../providers/providerShares.ts';

/**
 * The share of a rate that is used. Some is left for delays on the way: a few sends that arrive late must not
 * overfill a second of the provider's clock.
 */
const usedShare = 0.98;

export interface RateDeps {
  readonly database: Database;
  readonly throttledLog: ThrottledLog;
}

/** The line of a provider that has a rate; undefined if it has none. */
export function createRateLine(
  deps: RateDeps,
  rates: NumberByProvider,
  { route, name }: Pick<OpenProvider, 'route' | 'name'>,
): RateLine | undefined {
  const key = nameInSetting(rates, channelOfRoute(route), name);
  const perSecond = rates[key];
  if (perSecond === undefined) return undefined;
  return openRate(deps)(key, perSecond);
}

/** A named rate: all processes that use this name share it. */
export function openRate(deps: RateDeps): (name: string, perSecond: number) => RateLine {
  return (name, perSecond) =>
    new RateLine({ perSecond, reserve: createReserve(deps, name, 1_000 / (perSecond * usedShare)) });
}

/**
 * Reserves moments by the database's clock, which all processes share, and translates them to this process's
 * clock.
 */
function createReserve({ database, throttledLog }: RateDeps, name: string, stepMs: number): Reserve {
  const offset = new ClockOffset();
  return async ({ count, leadMs }) => {
    const sentMs = performance.now();
    try {
      const reserved = await reserveSends(database, { name, count, stepMs, leadMs });
      if (reserved === undefined) return undefined;
      const receivedMs = performance.now();
      const aheadMs = offset.observe({ theirsMs: reserved.nowMs, sentMs, receivedMs });
      return { firstMs: reserved.firstMs - aheadMs, stepMs, count };
    } catch (error) {
      throttledLog.warn('sends of a rate cannot be reserved', { provider: name, err: error });
      return undefined;
    }
  };
}
