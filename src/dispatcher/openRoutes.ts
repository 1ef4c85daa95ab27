import type { Config } from '../config/loadConfig.ts';
import { SendTally } from '../metrics/sendTally.ts';
import { ChannelBrake } from '../policy/brake/channelBrake.ts';
import type { OpenProvider, Providers } from '../providers/providerKind.ts';
import { channelOfRoute } from '../providers/providerShares.ts';
import { limitsOf } from './brakeExchange.ts';
import { createRateLine } from './rateLines.ts';
import { createSlotLease, type SlotDeps } from './slotLeases.ts';

type RouteConfig = Pick<
  Config,
  'brakeLimits' | 'ladder' | 'providerRates' | 'providerConcurrency' | 'startDeadlineMs' | 'sendTimeoutMs'
>;

/** A provider of a channel, and the brake before it. */
export interface OpenRoute extends OpenProvider {
  readonly brake: ChannelBrake;
  readonly sends: SendTally;
}

export function openRoutes(deps: SlotDeps, config: RouteConfig, providers: Providers): OpenRoute[] {
  const brakeOf = (open: OpenProvider): ChannelBrake =>
    new ChannelBrake({
      route: open.route,
      capacity: open.provider.concurrency,
      limits: limitsOf(config.ladder, channelOfRoute(open.route), config.brakeLimits),
      rate: createRateLine(deps, config.providerRates, open),
      dayQuota: open.provider.dayQuota,
      lease: createSlotLease(deps, config, open),
    });
  return Object.values(providers)
    .flat()
    .map((open) => ({ ...open, brake: brakeOf(open), sends: new SendTally() }));
}
