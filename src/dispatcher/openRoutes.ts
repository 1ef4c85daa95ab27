import type { Config } from '../config/loadConfig.ts';
import { SendTally } from '../metrics/sendTally.ts';
import { ChannelBrake } from '../policy/brake/channelBrake.ts';
import type { OpenProvider, Providers } from '../providers/providerKind.ts';
import { channelOfRoute } from '../providers/providerShares.ts';
import { limitsOf } from './brakeExchange.ts';

/** One way out of this process: a provider of a channel, and the brake before it. */
export interface OpenRoute extends OpenProvider {
  readonly brake: ChannelBrake;
  readonly sends: SendTally;
}

type RouteSettings = Pick<Config, 'brakeLimits' | 'ladder'>;

export function openRoutes(settings: RouteSettings, providers: Providers): OpenRoute[] {
  return Object.values(providers)
    .flat()
    .map((open) => ({ ...open, brake: brakeOf(open, settings), sends: new SendTally() }));
}

function brakeOf({ route, provider }: OpenProvider, { brakeLimits, ladder }: RouteSettings): ChannelBrake {
  return new ChannelBrake({
    route,
    concurrency: provider.concurrency,
    limits: limitsOf(ladder, channelOfRoute(route), brakeLimits),
  });
}
