import { beginCrowd, type Crowd, decideCrowd, worthBelieving } from './crowd.ts';
import type { SendGate } from './sendGate.ts';

const shortestWindowMs = 500;
/**
 * A sample takes this many times the present limit in answers, so that each send of the window has had one.
 */
const windowRounds = 1.5;
const mostlyUsed = 0.8;

/**
 * Finds how many sends of one channel may run at a time in this process without the provider slowing down.
 *
 * A sample counts only sends that began since the last change: earlier ones say nothing about it.
 */
export class CrowdKeeper {
  readonly #gate: SendGate;
  readonly #most: number;
  #crowd: Crowd;
  #changedMs = 0;
  #sinceMs = 0;
  #accepted = 0;
  #totalMs = 0;
  #failed = 0;

  constructor(gate: SendGate, most: number) {
    this.#gate = gate;
    this.#most = most;
    this.#crowd = beginCrowd(most, 0);
  }

  get atOnce(): number {
    return this.#crowd.atOnce;
  }

  /** Called when the provider has just proven that it works. @param easyMs how long its answers took */
  begin(easyMs: number, nowMs: number): void {
    this.#change(beginCrowd(this.#most, easyMs), nowMs);
    this.#restart(nowMs);
  }

  accepted(startedMs: number, nowMs: number): void {
    if (startedMs < this.#changedMs) return;
    this.#accepted++;
    this.#totalMs += nowMs - startedMs;
    this.#judgeInTime(nowMs);
  }

  /** Counts a send without a connection, one that was not taken, or one without a clear answer. */
  failed(startedMs: number, nowMs: number): void {
    if (startedMs < this.#changedMs) return;
    this.#failed++;
    this.#judgeInTime(nowMs);
  }

  #judgeInTime(nowMs: number): void {
    const windowMs = Math.max(shortestWindowMs, this.#crowd.easyMs * windowRounds);
    if (nowMs - this.#sinceMs < windowMs || this.#accepted + this.#failed < worthBelieving) return;
    const next = decideCrowd(this.#crowd, this.#sample(), this.#most);
    if (next.atOnce === this.#crowd.atOnce) this.#crowd = next;
    else this.#change(next, nowMs);
    this.#restart(nowMs);
  }

  #sample() {
    return {
      accepted: this.#accepted,
      meanMs: this.#accepted === 0 ? 0 : this.#totalMs / this.#accepted,
      failed: this.#failed,
      isUsed: this.#gate.taken >= this.#crowd.atOnce * mostlyUsed,
    };
  }

  #change(crowd: Crowd, nowMs: number): void {
    this.#crowd = crowd;
    this.#changedMs = nowMs;
    this.#gate.setAtOnce(crowd.atOnce);
  }

  #restart(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#accepted = 0;
    this.#totalMs = 0;
    this.#failed = 0;
  }
}
