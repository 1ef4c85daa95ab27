import { firstSendsAtOnce, rampUp } from './ramp.ts';
import type { SendGate } from './sendGate.ts';

const idleAfterMs = 60_000;

/** Keeps how many sends may run at a time while it is not known whether the provider works. */
export class SlowStart {
  readonly #gate: SendGate;
  #atOnce = firstSendsAtOnce;
  #lastGoodMs = 0;

  constructor(gate: SendGate) {
    this.#gate = gate;
    gate.setAtOnce(this.#atOnce);
  }

  /** Infinity once the provider has proven that it works. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** One more good answer. */
  good(nowMs: number): void {
    this.#lastGoodMs = nowMs;
    if (this.#atOnce !== Number.POSITIVE_INFINITY) this.#set(rampUp(this.#atOnce, 1));
  }

  begin(): void {
    this.#set(firstSendsAtOnce);
  }

  /** After a quiet minute it is no longer known. */
  beginAfterIdleness(): void {
    if (this.#atOnce === firstSendsAtOnce) return;
    if (performance.now() - this.#lastGoodMs > idleAfterMs) this.begin();
  }

  #set(atOnce: number): void {
    this.#atOnce = atOnce;
    this.#gate.setAtOnce(atOnce);
  }
}
