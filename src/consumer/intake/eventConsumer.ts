import type { Consumer, Kafka } from 'kafkajs';
import type { BillcastError } from '../../errors.ts';
import type { Logger } from '../../log/log.ts';
import { Assignment, type PartitionsByTopic, type Watermark } from './assignment.ts';
import { BrokerWatch } from './brokerWatch.ts';
import { ConsumerLifecycle } from './consumerLifecycle.ts';
import { createKafkajsConsumer } from './kafkajsConsumer.ts';
import { OffsetCommitter } from './offsetCommitter.ts';
import type { ReceivedRecord } from './receivedRecord.ts';
import { RecordIntake } from './recordIntake.ts';

export interface EventConsumerOptions {
  /** At most one consumer per group may use it: see `createKafka`. */
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly maxBytesPerPartition: number;
  /** 500 by default. */
  readonly commitIntervalMs?: number;
  readonly log: Logger;
  /** Called once per batch, with at least one record of one partition, in order. It must return at once. */
  readonly onRecords: (records: ReceivedRecord[]) => void;
  /** The consumer has stopped, and retries cannot help: the process must end. */
  readonly onFatal: (error: BillcastError) => void;
}

export interface EventConsumerFacts {
  /** Records received and not done, of the partitions that are ours now. */
  readonly inFlight: number;
  /** Of these, records that wait for their topic to be resumed. */
  readonly held: number;
  readonly received: number;
  /** Records that were fetched again while we still held them, and dropped. */
  readonly repeated: number;
  readonly partitions: number;
  readonly joins: number;
  readonly commits: number;
  readonly commitFailures: number;
  readonly brokerGone: boolean;
}

export interface EventConsumer {
  /**
   * Resolves when the group is joined for the first time, or when the consumer is stopped before that. After
   * a failure it may be called again; `stop` must be called in any case.
   * @throws BillcastError KAFKA_FAILED: no broker, no such topic, not allowed
   */
  start(): Promise<void>;
  /** From now until `resume`, delivers nothing of this topic, whichever partitions are ours. */
  pause(topic: string): void;
  resume(topic: string): void;
  /** From now on delivers nothing. What is in flight may still be done and committed. */
  stopFetching(): void;
  /** Tries to commit what is done by now. Never rejects. */
  commitNow(): Promise<void>;
  /**
   * Stops fetching, commits, leaves the group, disconnects. May be called twice; complete when it resolves.
   */
  stop(): Promise<void>;
  facts(): EventConsumerFacts;
  /** How far each partition that is ours is done. */
  watermarks(): readonly Watermark[];
}

/** Kafka in: fetches and decodes events, tracks their offsets and commits the watermark. */
export function createEventConsumer(options: EventConsumerOptions): EventConsumer {
  return new KafkajsEventConsumer(options);
}

/** Puts the parts together: `ConsumerLifecycle` runs kafkajs, `RecordIntake` takes in what it fetches. */
class KafkajsEventConsumer implements EventConsumer {
  readonly #log: Logger;
  readonly #consumer: Consumer;
  readonly #assignment = new Assignment();
  readonly #committer: OffsetCommitter;
  readonly #watch: BrokerWatch;
  readonly #lifecycle: ConsumerLifecycle;
  readonly #intake: RecordIntake;
  /** In Unix time, which hosts share: members compare when they joined. */
  #joinedAtMs = 0;
  #joins = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: EventConsumerOptions) {
    const { log, topics } = options;
    this.#log = log;
    this.#committer = new OffsetCommitter(this.#assignment, log);
    this.#watch = new BrokerWatch(log, { silenceMs: options.sessionTimeoutMs });
    this.#consumer = createKafkajsConsumer(options, () => {
      this.#committer.freeze();
      return { partitions: this.#assignment.partitions, sinceMs: this.#joinedAtMs };
    });
    const parts = { consumer: this.#consumer, committer: this.#committer, log, topics };
    this.#lifecycle = new ConsumerLifecycle(
      { ...parts, watch: this.#watch },
      { commitIntervalMs: options.commitIntervalMs, onFatal: options.onFatal },
    );
    this.#intake = new RecordIntake({
      ...parts,
      assignment: this.#assignment,
      lifecycle: this.#lifecycle,
      onRecords: options.onRecords,
    });
    this.#listen();
  }

  start(): Promise<void> {
    return this.#lifecycle.start(this.#intake);
  }

  pause(topic: string): void {
    this.#intake.pause(topic);
  }

  resume(topic: string): void {
    this.#intake.resume(topic);
  }

  stopFetching(): void {
    this.#intake.close();
  }

  async commitNow(): Promise<void> {
    await this.#committer.flush();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  facts(): EventConsumerFacts {
    const { commits, failures } = this.#committer.counts;
    return {
      ...this.#intake.counts,
      joins: this.#joins,
      inFlight: this.#assignment.inFlight,
      partitions: this.#assignment.size,
      commits,
      commitFailures: failures,
      brokerGone: this.#watch.isGone,
    };
  }

  watermarks(): readonly Watermark[] {
    return this.#assignment.watermarks();
  }

  #listen(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#join(payload.memberAssignment));
    this.#consumer.on(events.REBALANCING, () => void this.#committer.tick());
    this.#consumer.on(events.HEARTBEAT, () => this.#lifecycle.beat());
    this.#consumer.on(events.CRASH, ({ payload }) => this.#lifecycle.crashed(payload.error));
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#intake.skip(payload);
    });
  }

  #join(assigned: PartitionsByTopic): void {
    if (this.#lifecycle.isStopped) return;
    const change = this.#assignment.joined(assigned, performance.now());
    this.#joinedAtMs = Date.now();
    this.#joins++;
    this.#committer.thaw();
    this.#intake.applyPauses();
    this.#lifecycle.joined();
    this.#log.info({ ...change }, 'joined the consumer group');
  }

  async #stop(): Promise<void> {
    this.stopFetching();
    await this.#lifecycle.stop();
    this.#assignment.revokeAll();
  }
}
