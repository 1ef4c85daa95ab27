import { readConsumerLag } from './consumerLag.ts';
import { type ClusterState, type CountFacts, countBills, readClusterState } from './liveStatus.ts';
import type { OperationDeps } from './operationDeps.ts';

/** All facts that the live screen shows, read once. */
export interface WatchFacts {
  readonly counted: CountFacts;
  readonly cluster: ClusterState;
  /** Events that are published and not consumed yet; null if Kafka cannot be asked. */
  readonly lag: number | null;
}

export async function readWatch(
  deps: Pick<OperationDeps, 'config' | 'database' | 'kafka'>,
): Promise<WatchFacts> {
  const [counted, cluster, lag] = await Promise.all([
    countBills(deps),
    readClusterState(deps),
    readConsumerLag(deps).then(
      ({ events }) => events,
      () => null,
    ),
  ]);
  return { counted, cluster, lag };
}
