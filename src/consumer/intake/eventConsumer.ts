import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { BillcastError } from '../../errors.ts';
import { classifyKafkaError } from '../../kafka/kafkaError.ts';
import { sleep } from '../../lib/sleep.ts';
import { within } from '../../lib/timeLimit.ts';
import type { Logger } from '../../log/log.ts';
import { Assignment, type PartitionsByTopic } from './assignment.ts';
import { BrokerWatch } from './brokerWatch.ts';
import { createKafkajsConsumer } from './kafkajsConsumer.ts';
import { OffsetCommitter } from './offsetCommitter.ts';
import type { ReceivedRecord } from './receivedRecord.ts';
import { Restart } from './restart.ts';
import { TopicGate } from './topicGate.ts';

export interface EventConsumerOptions {
  /** One consumer of a group on it, no more: see `createKafka`. */
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly maxBytesPerPartition: number;
  /** 500 by default. */
  readonly commitIntervalMs?: number;
  readonly log: Logger;
  /** Called once a batch, with at least one record of one partition, in order; it has to return at once. */
  readonly onRecords: (records: ReceivedRecord[]) => void;
  /** The consumer has stopped for a reason that trying again cannot mend: the process has to end. */
  readonly onFatal: (error: BillcastError) => void;
}

export interface EventConsumerFacts {
  /** Records received and not done, of the partitions that are ours now. */
  readonly inFlight: number;
  /** Of these, records that wait for their topic to be resumed. */
  readonly held: number;
  readonly received: number;
  /** Records fetched again that were held already, and dropped. */
  readonly repeated: number;
  readonly partitions: number;
  readonly joins: number;
  readonly commits: number;
  readonly commitFailures: number;
  readonly brokerGone: boolean;
}

export interface EventConsumer {
  /**
   * Resolves when the group is joined for the first time, or when it is stopped before. After it failed it may be
   * called again; `stop` is to be called all the same.
   * @throws BillcastError KAFKA_FAILED: no broker, no such topic, not allowed
   */
  start(): Promise<void>;
  /** Nothing of this topic is delivered from here on, of no partition that is ours or will be, until `resume`. */
  pause(topic: string): void;
  resume(topic: string): void;
  /** Nothing is delivered from here on, for good; what is in flight may still be done and committed. */
  stopFetching(): void;
  /** Tries to commit what is done by now. Never rejects. */
  commitNow(): Promise<void>;
  /** Stops fetching, commits, leaves the group, disconnects. May be called twice; complete when it resolves. */
  stop(): Promise<void>;
  facts(): EventConsumerFacts;
}

/** Kafka in: fetches and decodes events, tracks their offsets and commits the watermark. */
export function createEventConsumer(options: EventConsumerOptions): EventConsumer {
  return new KafkajsEventConsumer(options);
}

interface BatchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly lastOffset: string;
}

const defaultCommitIntervalMs = 500;
const finalCommit = { limitMs: 5_000, pauseMs: 250 };
const disconnectLimitMs = 10_000;

/**
 * States: idle; running (a kafkajs consumer is joined or joins); waiting (it crashed on something that passes, and
 * is started again after a pause); stopped, by `stop()` or by a fault that does not pass.
 *
 * Invariants
 * - kafkajs's position moves only past batches that were taken in (`resolveOffset`, no auto-resolve): a batch for a
 *   partition that is not ours any more, or one that is to be fetched again, leaves it alone.
 * - Commits are frozen from the request to join to its end (or to the next heartbeat that is answered). What is done
 *   is committed on REBALANCING, before the request leaves; the event does not come for an expired session or a
 *   crash, when no commit would be accepted.
 * - kafkajs forgets pauses when it is started again: they are set anew after each start and each join.
 * - kafkajs never restarts itself after a crash (`restartOnFailure` says no): there is one path, here.
 */
class KafkajsEventConsumer implements EventConsumer {
  readonly #options: EventConsumerOptions;
  readonly #consumer: Consumer;
  readonly #assignment = new Assignment();
  readonly #committer: OffsetCommitter;
  readonly #watch: BrokerWatch;
  readonly #gate: TopicGate;
  readonly #joined = Promise.withResolvers<void>();
  #hasJoined = false;
  /** By the clock that hosts share. */
  #joinedAtMs = 0;
  #running = false;
  #ended = false;
  readonly #restart = new Restart(() => void this.#runOrWait());
  #commitTimer: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;
  #counts = { received: 0, repeated: 0, joins: 0 };

  constructor(options: EventConsumerOptions) {
    this.#options = options;
    this.#committer = new OffsetCommitter(this.#assignment, options.log);
    this.#watch = new BrokerWatch(options.log, { silenceMs: options.sessionTimeoutMs });
    this.#gate = new TopicGate({
      deliver: (records) => this.#deliver(records),
      setFetching: (topic, fetching) => this.#setFetching(topic, fetching),
    });
    this.#consumer = createKafkajsConsumer(options, () => {
      this.#committer.freeze();
      return { partitions: this.#assignment.partitions, sinceMs: this.#joinedAtMs };
    });
    this.#joined.promise.catch(() => undefined);
    this.#listen();
  }

  async start(): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    } catch (error) {
      throw kafkaFailed('Kafka cannot be read. Check KAFKA_BROKERS and that the topics exist.', error);
    }
    if (this.#ended) return;
    this.#watch.sign(performance.now());
    this.#commitTimer = setInterval(
      () => this.#tick(),
      this.#options.commitIntervalMs ?? defaultCommitIntervalMs,
    );
    await this.#runOrWait();
    await this.#joined.promise;
  }

  pause(topic: string): void {
    this.#gate.pause(topic);
  }

  resume(topic: string): void {
    this.#gate.resume(topic);
  }

  stopFetching(): void {
    if (!this.#gate.isClosed) this.#gate.close(this.#options.topics);
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
      ...this.#counts,
      inFlight: this.#assignment.inFlight,
      held: this.#gate.held,
      partitions: this.#assignment.size,
      commits,
      commitFailures: failures,
      brokerGone: this.#watch.isGone,
    };
  }

  #listen(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#join(payload.memberAssignment));
    this.#consumer.on(events.REBALANCING, () => void this.#committer.tick());
    this.#consumer.on(events.HEARTBEAT, () => this.#beat());
    this.#consumer.on(events.CRASH, ({ payload }) => this.#crashed(payload.error));
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#skipped(payload);
    });
  }

  async #runOrWait(): Promise<void> {
    await this.#run().catch((failure: unknown) => this.#crashed(failure));
  }

  async #run(): Promise<void> {
    if (this.#ended) return;
    const run = this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => this.#take(payload),
    });
    this.#running = true;
    this.#applyPauses();
    await run;
  }

  /** One batch, at once: kafkajs sends no heartbeat and fetches nothing while this runs. */
  #take({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): void {
    const partition = this.#assignment.find(batch.topic, batch.partition);
    if (partition === undefined || this.#gate.isClosed) return;
    this.#committer.attach(commitOffsetsIfNecessary);
    const intake = partition.take(batch);
    if (intake.kind === 'refetch') return;
    resolveOffset(batch.lastOffset());
    this.#counts.received += intake.records.length;
    this.#counts.repeated += intake.repeated;
    if (intake.restarted) {
      const { topic, partition: number } = batch;
      this.#options.log.warn({ topic, partition: number }, 'offsets went back: reading the partition anew');
    }
    this.#gate.offer(batch.topic, intake.records);
  }

  #skipped({ topic, partition, lastOffset }: BatchPosition): void {
    const fetchFrom = this.#assignment.find(topic, partition)?.skipped(Number(lastOffset));
    if (fetchFrom !== undefined) this.#consumer.seek({ topic, partition, offset: String(fetchFrom) });
  }

  #deliver(records: ReceivedRecord[]): void {
    try {
      this.#options.onRecords(records);
    } catch (error) {
      this.#fail('Records from Kafka could not be taken in.', error);
    }
  }

  /** The broker takes us for a member. If a request to join failed before it arrived, no join will thaw commits. */
  #beat(): void {
    this.#watch.sign(performance.now());
    if (!this.#ended) this.#committer.thaw();
  }

  #join(assigned: PartitionsByTopic): void {
    if (this.#ended) return;
    const change = this.#assignment.joined(assigned, performance.now());
    this.#joinedAtMs = Date.now();
    this.#committer.thaw();
    this.#applyPauses();
    this.#watch.sign(performance.now());
    this.#restart.succeeded();
    this.#counts.joins++;
    this.#hasJoined = true;
    this.#joined.resolve();
    this.#options.log.info({ ...change }, 'joined the consumer group');
  }

  /** Trackers stay: what was done meanwhile is committed after the next join, if the partition is still ours. */
  #crashed(error: unknown): void {
    this.#running = false;
    this.#committer.detach();
    if (this.#ended) return;
    if (!classifyKafkaError(error).retriable) {
      this.#fail('The Kafka consumer stopped on an error that does not pass.', error);
      return;
    }
    this.#watch.crashed(error);
    this.#restart.schedule();
  }

  #fail(message: string, cause: unknown): void {
    if (this.#ended) return;
    this.#end();
    const error = kafkaFailed(message, cause);
    if (this.#hasJoined) this.#options.onFatal(error);
    else this.#joined.reject(error);
  }

  #tick(): void {
    void this.#committer.tick();
    this.#watch.check(performance.now());
  }

  #applyPauses(): void {
    for (const topic of this.#options.topics) {
      if (!this.#gate.isOpen(topic)) this.#setFetching(topic, false);
    }
  }

  /** Between a crash and the next start kafkajs takes no pauses; `applyPauses` makes up for it. */
  #setFetching(topic: string, fetching: boolean): void {
    if (!this.#running) return;
    if (fetching) this.#consumer.resume([{ topic }]);
    else this.#consumer.pause([{ topic }]);
  }

  async #stop(): Promise<void> {
    this.stopFetching();
    clearInterval(this.#commitTimer);
    // kafkajs tries a commit again for as long as it runs: without brokers, that has no end.
    const committed = await within(finalCommit.limitMs, this.#commitFinally());
    if (!committed) this.#options.log.warn('last offsets not committed: their records will come again');
    this.#end();
    await this.#disconnect();
    this.#assignment.revokeAll();
    this.#joined.resolve();
  }

  #end(): void {
    this.#ended = true;
    this.#committer.freeze();
    clearInterval(this.#commitTimer);
    this.#restart.cancel();
  }

  /** A rebalance in progress is waited for: it takes a heartbeat or two. */
  async #commitFinally(): Promise<boolean> {
    while ((await this.#committer.flush()) === 'failed') {
      if (!this.#running) return false;
      await sleep(finalCommit.pauseMs);
    }
    return true;
  }

  async #disconnect(): Promise<void> {
    const disconnected = this.#consumer.disconnect().catch((error: unknown) => {
      this.#options.log.debug({ fault: classifyKafkaError(error).name }, 'disconnecting from Kafka failed');
    });
    await within(disconnectLimitMs, disconnected);
  }
}

function kafkaFailed(message: string, cause: unknown): BillcastError {
  return new BillcastError('KAFKA_FAILED', message, { cause });
}
