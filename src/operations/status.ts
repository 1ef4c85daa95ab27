import { type PerChannel, perChannel } from '../channels.ts';
import { type BrakeState, type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import type { StateCounts } from '../db/reads/stateCounts.ts';
import { readConsumerLag } from './consumerLag.ts';
import { countBills } from './liveStatus.ts';
import type { OperationDeps } from './operationDeps.ts';

/** How the brakes stand, without who put them on. */
export type BrakeFacts = PerChannel<Pick<BrakeState, 'on' | 'since' | 'kind' | 'cause'>>;

/** Bills by state, and what keeps them there. */
export interface StatusFacts extends StateCounts {
  /** When the bills were counted, by the database. */
  readonly asOf: Date;
  /** Whether every bill was counted since the last move that is known. */
  readonly exact: boolean;
  /** The oldest count that is part of it; null if all bills were counted now. */
  readonly countedSince: Date | null;
  /** Bills by which the kept counts had drifted, and which the last counts put right. */
  readonly drift: number;
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
  const { asOf, counts, kept } = await countBills(deps);
  return {
    ...counts,
    asOf,
    exact: kept?.isSettled ?? true,
    countedSince: kept?.oldestAt ?? null,
    drift: kept?.drift ?? 0,
    lag,
    brakes,
    missingTopics,
  };
}

function brakeFactsOf(brakes: BrakeStates): BrakeFacts {
  return perChannel((channel) => {
    const { on, since, kind, cause } = brakes[channel];
    return { on, since, kind, cause };
  });
}
