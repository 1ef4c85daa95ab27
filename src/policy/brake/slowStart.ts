import { smallestCrowd } from './crowd.ts';
import { CrowdKeeper } from './crowdKeeper.ts';
import { firstSendsAtOnce, rampUp } from './ramp.ts';
import type { SendGate } from './sendGate.ts';

const idleAfterMs = 60_000;

/**
 * Keeps how many sends may run at a time while it is not known whether the provider works. Once that is
 * known, and if the provider takes many at a time, a `CrowdKeeper` finds how many are best.
 */
export class SlowStart {
  readonly #gate: SendGate;
  readonly #crowd: CrowdKeeper | undefined;
  #atOnce = firstSendsAtOnce;
  #lastGoodMs = 0;
  #answers = 0;
  #totalMs = 0;

  /** @param most what the provider takes at a time */
  constructor(gate: SendGate, most: number) {
    this.#gate = gate;
    const isLarge = Number.isFinite(most) && most > smallestCrowd;
    this.#crowd = isLarge ? new CrowdKeeper(gate, most) : undefined;
    gate.setAtOnce(this.#atOnce);
  }

  /** How many sends may run at a time; Infinity if only the provider's own limit counts. */
  get atOnce(): number {
    return this.#isProven && this.#crowd !== undefined ? this.#crowd.atOnce : this.#atOnce;
  }

  /** Counts one more good answer. */
  good(startedMs: number, nowMs: number): void {
    this.#lastGoodMs = nowMs;
    if (this.#isProven) this.#crowd?.accepted(startedMs, nowMs);
    else this.#ramp(startedMs, nowMs);
  }

  /** Counts one more send without a connection, one that was not taken, or one without a clear answer. */
  failed(startedMs: number, nowMs: number): void {
    if (this.#isProven) this.#crowd?.failed(startedMs, nowMs);
  }

  begin(): void {
    this.#answers = 0;
    this.#totalMs = 0;
    this.#set(firstSendsAtOnce);
  }

  /** Starts again after a quiet minute: it is no longer known whether the provider works. */
  beginAfterIdleness(): void {
    if (this.#atOnce === firstSendsAtOnce) return;
    if (performance.now() - this.#lastGoodMs > idleAfterMs) this.begin();
  }

  get #isProven(): boolean {
    return this.#atOnce === Number.POSITIVE_INFINITY;
  }

  #ramp(startedMs: number, nowMs: number): void {
    this.#answers++;
    this.#totalMs += nowMs - startedMs;
    this.#set(rampUp(this.#atOnce, 1));
    if (this.#isProven) this.#crowd?.begin(this.#totalMs / this.#answers, nowMs);
  }

  #set(atOnce: number): void {
    this.#atOnce = atOnce;
    this.#gate.setAtOnce(atOnce);
  }
}
