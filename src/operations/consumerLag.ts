import { type PartitionLag, readGroupLag } from '../kafka/groupOffsets.ts';
import type { OperationDeps } from './operationDeps.ts';

/** How far the consumers are behind, over the topics of all channels. */
export interface ConsumerLag {
  /** Events that the group has not committed. A missing topic counts as empty. */
  readonly events: number;
  readonly partitions: readonly PartitionLag[];
  readonly missingTopics: readonly string[];
}

/** @throws BillcastError KAFKA_FAILED */
export async function readConsumerLag({
  config,
  kafka,
}: Pick<OperationDeps, 'config' | 'kafka'>): Promise<ConsumerLag> {
  const { groupId, topics } = config.kafka;
  const { byTopic, partitions, missing } = await readGroupLag({
    kafka,
    groupId,
    topics: config.ladder.order.map((channel) => topics[channel]),
  });
  const events = [...byTopic.values()].reduce((sum, lag) => sum + lag, 0);
  return { events, partitions, missingTopics: missing };
}
