import { perChannel } from '../../src/channels.ts';
import { ChannelLanes } from '../../src/consumer/pipeline/channelLanes.ts';
import { Lane } from '../../src/consumer/pipeline/lane.ts';
import { WaitingRecords } from '../../src/consumer/pipeline/waitingRecords.ts';
import type { ChannelBrake } from '../../src/policy/brake/channelBrake.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { ProviderShares } from '../../src/providers/providerShares.ts';

/** One provider per channel. */
export const oneProvider: ProviderShares = perChannel(() => [{ name: 'http', weight: 1 }]);

export interface TestRoute {
  readonly brake: ChannelBrake;
  readonly provider: Provider;
  readonly weight?: number;
}

/** The lanes of one channel, one per provider. */
export function createChannelLanes(routes: readonly TestRoute[], maxInFlight: number): ChannelLanes {
  const records = new WaitingRecords(maxInFlight);
  const [first] = routes;
  if (first === undefined) throw new RangeError('a channel needs a provider');
  const lanes = routes.map(({ brake, provider, weight = 1 }) => ({
    weight,
    lane: new Lane({ brake, provider, records, name: provider.name }),
  }));
  return new ChannelLanes(first.brake.channel, records, lanes);
}

/** The only one, in most tests. */
export function firstLane({ lanes: [lane] }: ChannelLanes): Lane {
  if (lane === undefined) throw new RangeError('a channel needs a provider');
  return lane;
}
