import type { Channel } from '../channels.ts';
import { type BrakeStates, type RouteBrake, readBrakeStates } from '../db/reads/brakeStates.ts';
import type { StateCounts } from '../db/reads/stateCounts.ts';
import type { Ladder } from '../ladder.ts';
import type { UsedBrakes } from './brakeList.ts';
import { readConsumerLag } from './consumerLag.ts';
import { ageOf, type CountAge, countBills } from './liveStatus.ts';
import type { OperationDeps } from './operationDeps.ts';

type BrakeFact = Pick<RouteBrake, 'on' | 'since' | 'kind' | 'cause'>;

/** The state of the brakes, without who put them on. */
export type BrakeFacts = UsedBrakes<BrakeFact>;

/** Bills by state, and what keeps them there. */
export interface StatusFacts extends StateCounts, CountAge {
  /** `CHANNELS`, in their order. */
  readonly channels: readonly Channel[];
  /** Events that are published and not consumed yet. */
  readonly lag: number;
  readonly brakes: BrakeFacts;
  /** Missing topics: their lag counts as 0. */
  readonly missingTopics: readonly string[];
}

/** @throws BillcastError KAFKA_FAILED if the lag cannot be read */
export async function readStatus(
  deps: Pick<OperationDeps, 'config' | 'database' | 'kafka'>,
): Promise<StatusFacts> {
  const { events: lag, missingTopics } = await readConsumerLag(deps);
  const { ladder } = deps.config;
  const brakes = brakeFactsOf(ladder, await readBrakeStates(deps.database, deps.config));
  const counted = await countBills(deps);
  return {
    ...counted.counts,
    channels: ladder.order,
    ...ageOf(counted),
    lag,
    brakes,
    missingTopics,
  };
}

function brakeFactsOf({ order }: Ladder, brakes: BrakeStates): BrakeFacts {
  const factsOf = (channel: Channel) => {
    const { providers } = brakes[channel];
    const own = brakeFactOf(brakes[channel]);
    if (providers === undefined) return own;
    const each = Object.entries(providers).map(([name, brake]) => [name, brakeFactOf(brake)]);
    return { ...own, providers: Object.fromEntries(each) };
  };
  return Object.fromEntries(order.map((channel) => [channel, factsOf(channel)]));
}

function brakeFactOf({ on, since, kind, cause }: RouteBrake): BrakeFact {
  return { on, since, kind, cause };
}
