import { classifyKafkaError, isRebalanceFault } from '../../kafka/kafkaError.ts';
import type { Logger } from '../../log/log.ts';
import type { Assignment } from './assignment.ts';
import type { IntakeProgress } from './ownedPartition.ts';

/** Sends one commit, once, without a retry. */
export type SendCommit = (offsets: {
  topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
}) => Promise<void>;

export type CommitOutcome = 'committed' | 'nothing' | 'failed';

/**
 * Makes all commits.
 *
 * States: detached (no batch since the consumer was started: nothing to commit, and no way to do it),
 * attached. In both, commits are frozen from the request to join until the join is complete.
 *
 * Invariants
 * - Never two commits at once, so an older watermark cannot arrive after a newer one.
 * - A commit contains only partitions that are ours when it is made. It is sent under the generation of that
 *   moment, or fails. kafkajs's own `commitOffsets` would resend it under the next generation, when the
 *   partition may belong to another member. So `SendCommit` must not retry: the next tick does, with the
 *   state of that time.
 * - A failed commit changes nothing here.
 * - A join never waits for a commit.
 */
export class OffsetCommitter {
  readonly #assignment: Assignment;
  readonly #log: Logger;
  #send: SendCommit | undefined;
  #frozen = true;
  #current: Promise<CommitOutcome> | undefined;
  #failing = false;
  #commits = 0;
  #failures = 0;

  constructor(assignment: Assignment, log: Logger) {
    this.#assignment = assignment;
    this.#log = log;
  }

  /** Sets the way to commit: that of the newest batch of the current run. */
  attach(send: SendCommit): void {
    this.#send = send;
  }

  /** The run has ended, and its way to commit no longer works. */
  detach(): void {
    this.#send = undefined;
    this.#frozen = true;
  }

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
  }

  get counts(): { readonly commits: number; readonly failures: number } {
    return { commits: this.#commits, failures: this.#failures };
  }

  /**
   * Commits what has moved, unless a commit is in flight: then the next call commits the rest. The request is
   * sent before this returns to the event loop. Never rejects.
   */
  tick(): Promise<CommitOutcome> {
    if (this.#current !== undefined || this.#frozen || this.#send === undefined) {
      return Promise.resolve('nothing');
    }
    const moved = this.#assignment.progress();
    if (moved.length === 0) return Promise.resolve('nothing');
    this.#current = this.#commit(this.#send, moved);
    return this.#current;
  }

  /** Commits what has moved by now, after a commit that is in flight. Never rejects. */
  async flush(): Promise<CommitOutcome> {
    await this.#current;
    if (this.#assignment.progress().length === 0) return 'nothing';
    return this.#frozen || this.#send === undefined ? 'failed' : this.tick();
  }

  async #commit(send: SendCommit, moved: readonly IntakeProgress[]): Promise<CommitOutcome> {
    try {
      await send({ topics: byTopic(moved) });
      for (const progress of moved) progress.partition.committed(progress);
      this.#commits++;
      this.#failing = false;
      return 'committed';
    } catch (error) {
      this.#failed(error);
      return 'failed';
    } finally {
      this.#current = undefined;
    }
  }

  /** Warns once per run of failures. Rebalances do not count, and `BrokerWatch` logs outages. */
  #failed(error: unknown): void {
    this.#failures++;
    const fault = classifyKafkaError(error);
    const isExpected = isRebalanceFault(fault) || fault.type === undefined;
    const level = isExpected || this.#failing ? 'debug' : 'warn';
    this.#log[level]({ fault: fault.name, type: fault.type }, 'offsets not committed, retrying');
    this.#failing ||= level === 'warn';
  }
}

function byTopic(moved: readonly IntakeProgress[]): Parameters<SendCommit>[0]['topics'] {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { source, offset } of moved) {
    const partitions = topics.get(source.topic) ?? [];
    partitions.push({ partition: source.partition, offset: String(offset) });
    topics.set(source.topic, partitions);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
