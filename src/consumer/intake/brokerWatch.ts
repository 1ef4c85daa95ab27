import { classifyKafkaError } from '../../kafka/kafkaError.ts';
import type { Logger } from '../../log/log.ts';
import { createOutage, type Outage } from '../../log/outage.ts';

/**
 * Whether Kafka is there; its outages are told like any other server's.
 *
 * States: present, gone. Gone by a crash of the consumer without an answer, or by silence: no heartbeat answered
 * for `silenceMs`, whatever else is.
 */
export class BrokerWatch {
  readonly #outage: Outage;
  readonly #silenceMs: number;
  #lastSignMs: number | undefined;
  #isGone = false;

  /** @param options.silenceMs without a sign of life for so long, Kafka counts as gone */
  constructor(log: Logger, options: { silenceMs: number }) {
    this.#outage = createOutage(log, 'kafka');
    this.#silenceMs = options.silenceMs;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** A broker has answered. */
  sign(nowMs: number): void {
    this.#lastSignMs = nowMs;
    this.#isGone = false;
    this.#outage.succeeded();
  }

  /** The consumer has crashed on an error that passes. A broker that answers is not gone, whatever it says. */
  crashed(error: unknown): void {
    const fault = classifyKafkaError(error);
    if (fault.type === undefined) this.#gone(fault.name);
  }

  /** To be called now and then. */
  check(nowMs: number): void {
    if (this.#lastSignMs === undefined || nowMs - this.#lastSignMs < this.#silenceMs) return;
    this.#gone('no heartbeat was answered');
  }

  #gone(why: string): void {
    this.#isGone = true;
    this.#outage.failed(why);
  }
}
