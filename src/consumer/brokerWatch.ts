import type { Logger } from '../log.ts';
import { faultOf } from './faults.ts';

/**
 * Says once that Kafka is gone, and once that it is back.
 *
 * States: present, gone. Gone by a crash of the consumer without an answer, or by silence: no heartbeat answered
 * for `silenceMs`, whatever else is.
 */
export class BrokerWatch {
  readonly #log: Logger;
  readonly #silenceMs: number;
  #lastSignMs: number | undefined;
  #goneSinceMs: number | undefined;

  /** @param options.silenceMs without a sign of life for so long, Kafka counts as gone */
  constructor(log: Logger, options: { silenceMs: number }) {
    this.#log = log;
    this.#silenceMs = options.silenceMs;
  }

  get isGone(): boolean {
    return this.#goneSinceMs !== undefined;
  }

  /** A broker has answered. */
  sign(nowMs: number): void {
    this.#lastSignMs = nowMs;
    if (this.#goneSinceMs === undefined) return;
    this.#log.warn({ goneMs: Math.round(nowMs - this.#goneSinceMs) }, 'Kafka is back');
    this.#goneSinceMs = undefined;
  }

  /** The consumer has crashed on an error that passes. A broker that answers is not gone, whatever it says. */
  crashed(error: unknown, nowMs: number): void {
    const fault = faultOf(error);
    if (fault.type === undefined) this.#gone(nowMs, fault);
  }

  /** To be called now and then. */
  check(nowMs: number): void {
    if (this.#lastSignMs === undefined || nowMs - this.#lastSignMs < this.#silenceMs) return;
    this.#gone(this.#lastSignMs, { name: 'silence', type: undefined });
  }

  #gone(sinceMs: number, fault: { name: string; type: string | undefined }): void {
    if (this.#goneSinceMs !== undefined) return;
    this.#goneSinceMs = sinceMs;
    this.#log.error({ fault: fault.name, type: fault.type }, 'Kafka is gone: trying until it is back');
  }
}
