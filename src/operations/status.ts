import { type PerChannel, perChannel } from '../channels.ts';
import { type BrakeState, type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import { countBillStates, type StateCounts } from '../db/reads/stateCounts.ts';
import { readConsumerLag } from './consumerLag.ts';
import type { OperationDeps } from './operationDeps.ts';

/** How the brakes stand, without who put them on. */
export type BrakeFacts = PerChannel<Pick<BrakeState, 'on' | 'since' | 'kind' | 'cause'>>;

/** Bills by state, and what keeps them there. */
export interface StatusFacts extends StateCounts {
  /** Events that are published and not consumed yet. */
  readonly lag: number;
  readonly brakes: BrakeFacts;
  /** Topics that do not exist: their lag counts as 0. */
  readonly missingTopics: readonly string[];
}

/** @throws BillcastError KAFKA_FAILED if the lag cannot be read */
export async function readStatus(
  deps: Pick<OperationDeps, 'config' | 'database' | 'kafka'>,
): Promise<StatusFacts> {
  const { events: lag, missingTopics } = await readConsumerLag(deps);
  const brakes = brakeFactsOf(await readBrakeStates(deps.database));
  return { ...(await countBillStates(deps.database)), lag, brakes, missingTopics };
}

function brakeFactsOf(brakes: BrakeStates): BrakeFacts {
  return perChannel((channel) => {
    const { on, since, kind, cause } = brakes[channel];
    return { on, since, kind, cause };
  });
}
