import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Logger } from '../../log/log.ts';
import type { Assignment } from './assignment.ts';
import type { BatchHandler, ConsumerLifecycle } from './consumerLifecycle.ts';
import type { OffsetCommitter } from './offsetCommitter.ts';
import type { ReceivedRecord } from './receivedRecord.ts';
import { TopicGate } from './topicGate.ts';

export interface RecordIntakeDeps {
  readonly consumer: Consumer;
  readonly assignment: Assignment;
  readonly committer: OffsetCommitter;
  readonly lifecycle: ConsumerLifecycle;
  readonly topics: readonly string[];
  readonly log: Logger;
  readonly onRecords: (records: ReceivedRecord[]) => void;
}

interface BatchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly lastOffset: string;
}

/**
 * Takes in what kafkajs fetches, and delivers it while its topic is open.
 *
 * Invariants
 * - kafkajs's position moves only past batches that were taken in (`resolveOffset`, no auto-resolve). A batch
 *   of a partition that is no longer ours, or one that must be fetched again, leaves the position alone.
 * - kafkajs forgets pauses when it is started again: they are applied after each start and each join.
 */
export class RecordIntake implements BatchHandler {
  readonly #deps: RecordIntakeDeps;
  readonly #gate: TopicGate;
  #received = 0;
  #repeated = 0;

  constructor(deps: RecordIntakeDeps) {
    this.#deps = deps;
    this.#gate = new TopicGate({
      deliver: (records) => this.#deliver(records),
      setFetching: (topic, fetching) => this.#setFetching(topic, fetching),
    });
  }

  get counts(): { readonly received: number; readonly repeated: number; readonly held: number } {
    return { received: this.#received, repeated: this.#repeated, held: this.#gate.held };
  }

  take({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): void {
    const { assignment, committer, log } = this.#deps;
    const partition = assignment.find(batch.topic, batch.partition);
    if (partition === undefined || this.#gate.isClosed) return;
    committer.attach(commitOffsetsIfNecessary);
    const intake = partition.take(batch);
    if (intake.kind === 'refetch') return;
    resolveOffset(batch.lastOffset());
    this.#received += intake.records.length;
    this.#repeated += intake.repeated;
    if (intake.restarted) {
      const { topic, partition: number } = batch;
      log.warn({ topic, partition: number }, 'offsets went back: reading the partition from there');
    }
    this.#gate.offer(batch.topic, intake.records);
  }

  /** kafkajs passed a batch that had no record for us. */
  skip({ topic, partition, lastOffset }: BatchPosition): void {
    const { assignment, consumer } = this.#deps;
    const fetchFrom = assignment.find(topic, partition)?.skipped(Number(lastOffset));
    if (fetchFrom !== undefined) consumer.seek({ topic, partition, offset: String(fetchFrom) });
  }

  pause(topic: string): void {
    this.#gate.pause(topic);
  }

  resume(topic: string): void {
    this.#gate.resume(topic);
  }

  /** Delivers nothing from now on. May be called twice. */
  close(): void {
    if (!this.#gate.isClosed) this.#gate.close(this.#deps.topics);
  }

  applyPauses(): void {
    for (const topic of this.#deps.topics) {
      if (!this.#gate.isOpen(topic)) this.#setFetching(topic, false);
    }
  }

  #deliver(records: ReceivedRecord[]): void {
    try {
      this.#deps.onRecords(records);
    } catch (error) {
      this.#deps.lifecycle.fail('Records from Kafka could not be taken in.', error);
    }
  }

  /** Between a crash and the next start kafkajs accepts no pauses; `applyPauses` makes up for it. */
  #setFetching(topic: string, fetching: boolean): void {
    const { consumer, lifecycle } = this.#deps;
    if (!lifecycle.isRunning) return;
    if (fetching) consumer.resume([{ topic }]);
    else consumer.pause([{ topic }]);
  }
}
