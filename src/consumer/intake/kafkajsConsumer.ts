import type { Consumer, Kafka } from 'kafkajs';
import type { Logger } from '../../log/log.ts';
import { type Ownership, partitionAssigners } from './stickyAssigner.ts';

export interface KafkajsConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly maxBytesPerPartition: number;
  readonly log: Logger;
}

/**
 * The kafkajs consumer with billcast's settings: heartbeats five times in a session or each second, one way of
 * restarting (ours), and every error of a fetch tried again for ever with at most 2 s between.
 * @param beforeJoin called before each request to join the group, right before it is sent; tells what is owned until then
 */
export function createKafkajsConsumer(
  options: KafkajsConsumerOptions,
  beforeJoin: () => Ownership,
): Consumer {
  return options.kafka.consumer({
    groupId: options.groupId,
    sessionTimeout: options.sessionTimeoutMs,
    rebalanceTimeout: Math.max(30_000, options.sessionTimeoutMs * 3),
    heartbeatInterval: Math.min(1_000, Math.floor(options.sessionTimeoutMs / 5)),
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxBytes: options.maxBytesPerPartition * partitionsAFetch,
    maxWaitTimeInMs: maxWaitMs,
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    partitionAssigners: partitionAssigners({ log: options.log, owned: beforeJoin }),
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      retries: Number.MAX_SAFE_INTEGER,
      restartOnFailure: async () => false,
    },
  });
}

/** How long a broker holds a fetch that finds nothing; also how long kafkajs sleeps while all topics are paused. */
const maxWaitMs = 100;
/** Nothing but a look at the metadata tells that a partition has a leader again. */
const metadataMaxAgeMs = 10_000;
/** Every partition gets its share of a fetch: kafkajs asks in the same order each time, and a full answer ends it. */
const partitionsAFetch = 128;
