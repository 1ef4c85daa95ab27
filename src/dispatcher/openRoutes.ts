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

export function openRoutes({ brakeLimits }: Pick<Config, 'brakeLimits'>, providers: Providers): OpenRoute[] {
  return Object.values(providers)
    .flat()
    .map((open) => ({ ...open, brake: brakeOf(open, brakeLimits), sends: new SendTally() }));
}

function brakeOf({ route, provider }: OpenProvider, limits: Config['brakeLimits']): ChannelBrake {
  return new ChannelBrake({
    route,
    concurrency: provider.concurrency,
    limits: limitsOf(channelOfRoute(route), limits),
  });
}
