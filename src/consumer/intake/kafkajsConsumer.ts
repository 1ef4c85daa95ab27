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
 * The kafkajs consumer with billcast's settings: a heartbeat per second, or five per session if that is more
 * often; no restart by kafkajs; failed fetches are retried for ever, with at most 2 s between.
 * @param beforeJoin called right before each request to join the group is sent; returns what is owned until
 * then
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
    maxBytes: options.maxBytesPerPartition * partitionsPerFetch,
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

/** How long a broker holds an empty fetch, and how long kafkajs sleeps while all topics are paused. */
const maxWaitMs = 100;
/** Only new metadata shows that a partition has a leader again. */
const metadataMaxAgeMs = 10_000;
/**
 * Few enough that every partition gets its share of a fetch. kafkajs asks for partitions in the same order
 * each time, until the answer is full.
 */
const partitionsPerFetch = 128;
