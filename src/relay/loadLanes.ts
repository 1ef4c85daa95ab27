import { choosePartition, type Publisher } from '../kafka/publisher.ts';
import type { Partitions } from '../kafka/topicMap.ts';
import { within } from '../lib/timeLimit.ts';
import type { OwedRecord } from './backlog.ts';
import type { Lanes, PartitionLane } from './lanes.ts';

/** The records of one partition in this round. */
export interface LaneLoad {
  readonly lane: PartitionLane;
  readonly records: readonly OwedRecord[];
}

export interface LoadOptions {
  readonly publisher: Pick<Publisher, 'partitionsOf'>;
  readonly lanes: Lanes;
  /** Called later, once per lane that left records and is free again. */
  readonly readAgain: () => void;
  /** When the records were read, by the monotonic clock. */
  readonly readAt: number;
  /** How long to wait for the partitions of a topic. */
  readonly patienceMs: number;
}

/** The records of a lane whose last request failed: if it fails again, little work is lost. */
const recordsOnTrial = 100;

/** Assigns each record to the lane of its partition. A lane that is not free gets no records. */
export async function loadLanes(records: readonly OwedRecord[], options: LoadOptions): Promise<LaneLoad[]> {
  const byTopic = [...Map.groupBy(records, ({ topic }) => topic)];
  const loads = await Promise.all(
    byTopic.map(async ([topic, ofTopic]) => {
      const partitions = await askPartitions(topic, options);
      if (partitions !== undefined) return loadTopic({ topic, partitions, records: ofTopic }, options);
      options.lanes.ofTopic(topic).leave(options.readAgain);
      return [];
    }),
  );
  return loads.flat();
}

/** @returns undefined if the brokers do not answer */
async function askPartitions(topic: string, options: LoadOptions): Promise<Partitions | undefined> {
  const lane = options.lanes.ofTopic(topic);
  if (!lane.isFree(options.readAt)) return undefined;
  lane.begin();
  const asked = options.publisher
    .partitionsOf(topic)
    .then((partitions) => {
      if (partitions.length === 0) throw noPartitions();
      lane.succeed();
      return partitions;
    })
    .catch((error: unknown) => {
      lane.fail(error);
      return undefined;
    })
    .finally(() => lane.end());
  return within(options.patienceMs, asked);
}

interface TopicLoad {
  readonly topic: string;
  readonly partitions: Partitions;
  readonly records: readonly OwedRecord[];
}

function loadTopic({ topic, partitions, records }: TopicLoad, options: LoadOptions): LaneLoad[] {
  const ofPartitions = Map.groupBy(records, ({ key }) => choosePartition(key, partitions));
  return [...ofPartitions].flatMap(([partition, ofPartition]): LaneLoad[] => {
    const lane = options.lanes.ofPartition({ topic, partition });
    if (!lane.isFree(options.readAt)) {
      lane.leave(options.readAgain);
      return [];
    }
    if (partitions[partition]?.hasLeader === false) {
      lane.fail(noLeader());
      lane.leave(options.readAgain);
      return [];
    }
    if (!lane.isOnTrial()) return [{ lane, records: ofPartition }];
    if (ofPartition.length > recordsOnTrial) lane.leave(options.readAgain);
    return [{ lane, records: ofPartition.slice(0, recordsOnTrial) }];
  });
}

/** With the brokers' own error code. */
function noLeader(): Error {
  return Object.assign(new Error('the partition has no leader'), { type: 'LEADER_NOT_AVAILABLE' });
}
function noPartitions(): Error {
  return Object.assign(new Error('the topic has no partitions'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
}
