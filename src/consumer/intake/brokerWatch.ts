import { classifyKafkaError } from '../../kafka/kafkaError.ts';
import type { Logger } from '../../log/log.ts';
import { createOutage, type Outage } from '../../log/outage.ts';

/**
 * Whether Kafka can be reached; its outages are logged like those of any other server.
 *
 * States: present, gone. Gone after a crash of the consumer without a broker's answer, or after silence: no
 * heartbeat was answered for `silenceMs`.
 */
export class BrokerWatch {
  readonly #outage: Outage;
  readonly #silenceMs: number;
  #lastAliveMs: number | undefined;
  #isGone = false;

  /** @param options.silenceMs how long Kafka may show no sign of life before it counts as gone */
  constructor(log: Logger, options: { readonly silenceMs: number }) {
    this.#outage = createOutage(log, 'kafka');
    this.#silenceMs = options.silenceMs;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** A broker has answered. */
  markAlive(nowMs: number): void {
    this.#lastAliveMs = nowMs;
    this.#isGone = false;
    this.#outage.succeeded();
  }

  /**
   * The consumer has crashed on an error that passes. A broker that answers is not gone, whatever it answers.
   */
  crashed(error: unknown): void {
    const fault = classifyKafkaError(error);
    if (fault.type === undefined) this.#gone(fault.name);
  }

  /** Finds out whether Kafka has been silent too long. Call it at intervals. */
  check(nowMs: number): void {
    if (this.#lastAliveMs === undefined || nowMs - this.#lastAliveMs < this.#silenceMs) return;
    this.#gone('no heartbeat was answered');
  }

  #gone(why: string): void {
    this.#isGone = true;
    this.#outage.failed(why);
  }
}
