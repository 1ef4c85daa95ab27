import type { Consumer, EachBatchPayload } from 'kafkajs';
import { BillcastError } from '../../errors.ts';
import { classifyKafkaError } from '../../kafka/kafkaError.ts';
import { sleep } from '../../lib/sleep.ts';
import { within } from '../../lib/timeLimit.ts';
import type { Logger } from '../../log/log.ts';
import type { BrokerWatch } from './brokerWatch.ts';
import type { OffsetCommitter } from './offsetCommitter.ts';
import { Restart } from './restart.ts';

export interface ConsumerLifecycleDeps {
  readonly consumer: Consumer;
  readonly committer: OffsetCommitter;
  readonly watch: BrokerWatch;
  readonly topics: readonly string[];
  readonly log: Logger;
}

export interface ConsumerLifecycleOptions {
  readonly commitIntervalMs: number | undefined;
  /** The consumer has stopped after it had joined, and retries cannot help. */
  readonly onFatal: (error: BillcastError) => void;
}

/** Receives what a running consumer fetches. */
export interface BatchHandler {
  /** One batch. It must return at once: kafkajs sends no heartbeat and fetches nothing meanwhile. */
  take(payload: EachBatchPayload): void;
  /** Called after each start of kafkajs, which forgets pauses. */
  applyPauses(): void;
}

/**
 * - idle: not started, or a start failed
 * - running: kafkajs has joined the group, or is joining
 * - waiting: kafkajs crashed on something that passes, and starts again after a pause
 * - stopped: by `stop`, or by an error that retries cannot fix
 */
type State = 'idle' | 'running' | 'waiting' | 'stopped';

const defaultCommitIntervalMs = 500;
const finalCommit = { limitMs: 5_000, pauseMs: 250 };
const disconnectLimitMs = 10_000;

/**
 * Starts, restarts and stops the kafkajs consumer, and commits at intervals.
 *
 * Invariants
 * - Commits are frozen from the request to join until the join is complete (or the next heartbeat is
 *   answered). What is done is committed on REBALANCING, before the request leaves. That event does not come
 *   for an expired session or a crash, when no commit would be accepted.
 * - kafkajs never restarts itself after a crash (`restartOnFailure` says no): only `Restart` does.
 */
export class ConsumerLifecycle {
  readonly #deps: ConsumerLifecycleDeps;
  readonly #options: ConsumerLifecycleOptions;
  readonly #firstJoin = Promise.withResolvers<void>();
  readonly #restart = new Restart(() => void this.#runOrWait());
  #state: State = 'idle';
  #handler: BatchHandler | undefined;
  #hasJoined = false;
  #commitTimer: NodeJS.Timeout | undefined;

  constructor(deps: ConsumerLifecycleDeps, options: ConsumerLifecycleOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#firstJoin.promise.catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get isStopped(): boolean {
    return this.#state === 'stopped';
  }

  /**
   * Resolves at the first join, or when the consumer is stopped before it.
   * @throws BillcastError KAFKA_FAILED
   */
  async start(handler: BatchHandler): Promise<void> {
    if (this.isStopped) return;
    this.#handler = handler;
    const { consumer, topics, watch } = this.#deps;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    } catch (error) {
      throw kafkaFailed('Kafka cannot be read. Check KAFKA_BROKERS and that the topics exist.', error);
    }
    if (this.isStopped) return;
    watch.markAlive(performance.now());
    this.#commitTimer = setInterval(
      () => this.#tick(),
      this.#options.commitIntervalMs ?? defaultCommitIntervalMs,
    );
    await this.#runOrWait();
    await this.#firstJoin.promise;
  }

  joined(): void {
    this.#deps.watch.markAlive(performance.now());
    this.#restart.succeeded();
    this.#hasJoined = true;
    this.#firstJoin.resolve();
  }

  /**
   * The broker counts us as a member. If a request to join was lost, no join comes to thaw commits: this
   * does.
   */
  beat(): void {
    this.#deps.watch.markAlive(performance.now());
    if (!this.isStopped) this.#deps.committer.thaw();
  }

  /**
   * Trackers stay: what is done meanwhile is committed after the next join, if the partition is still ours.
   */
  crashed(error: unknown): void {
    this.#deps.committer.detach();
    if (this.isStopped) return;
    this.#state = 'waiting';
    if (!classifyKafkaError(error).retriable) {
      this.fail('The Kafka consumer stopped on an error that retries cannot fix.', error);
      return;
    }
    this.#deps.watch.crashed(error);
    this.#restart.schedule();
  }

  /** Stops for good; `onFatal` gets the cause. */
  fail(message: string, cause: unknown): void {
    if (this.isStopped) return;
    this.#end();
    const error = kafkaFailed(message, cause);
    if (this.#hasJoined) this.#options.onFatal(error);
    else this.#firstJoin.reject(error);
  }

  /** Commits, leaves the group and disconnects. Called once, after fetching has stopped. */
  async stop(): Promise<void> {
    clearInterval(this.#commitTimer);
    // kafkajs retries a commit for as long as it runs: without brokers, for ever.
    const committed = await within(finalCommit.limitMs, this.#commitFinally());
    if (!committed) this.#deps.log.warn('last offsets not committed: their records will come again');
    this.#end();
    await this.#disconnect();
    this.#firstJoin.resolve();
  }

  async #runOrWait(): Promise<void> {
    await this.#run().catch((failure: unknown) => this.crashed(failure));
  }

  async #run(): Promise<void> {
    if (this.isStopped) return;
    const handler = this.#handler;
    const run = this.#deps.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => handler?.take(payload),
    });
    this.#state = 'running';
    handler?.applyPauses();
    await run;
  }

  #tick(): void {
    void this.#deps.committer.tick();
    this.#deps.watch.check(performance.now());
  }

  #end(): void {
    this.#state = 'stopped';
    this.#deps.committer.freeze();
    clearInterval(this.#commitTimer);
    this.#restart.cancel();
  }

  /** Waits for a rebalance to end: it takes a heartbeat or two. */
  async #commitFinally(): Promise<boolean> {
    while ((await this.#deps.committer.flush()) === 'failed') {
      if (!this.isRunning) return false;
      await sleep(finalCommit.pauseMs);
    }
    return true;
  }

  async #disconnect(): Promise<void> {
    const disconnected = this.#deps.consumer.disconnect().catch((error: unknown) => {
      this.#deps.log.debug({ fault: classifyKafkaError(error).name }, 'disconnecting from Kafka failed');
    });
    await within(disconnectLimitMs, disconnected);
  }
}

function kafkaFailed(message: string, cause: unknown): BillcastError {
  return new BillcastError('KAFKA_FAILED', message, { cause });
}
