import { createPacer, type Pacer } from './pacer.ts';
import type { SendNature } from './sendQueue.ts';

/** The provider's own pace: how fast sends may begin, and until when none may. */
export class SendPace {
  #pacer: Pacer | undefined;
  #heldUntilMs = 0;

  get isSet(): boolean {
    return this.#pacer !== undefined;
  }

  /** Until something may begin. */
  get holdLeftMs(): number {
    return this.#heldUntilMs === 0 ? 0 : Math.max(0, this.#heldUntilMs - performance.now());
  }

  /** Until the next one may begin; undefined if only a free slot is missing. */
  get waitMs(): number | undefined {
    const { holdLeftMs } = this;
    if (holdLeftMs > 0) return holdLeftMs;
    return this.#pacer === undefined ? undefined : Math.max(1, this.#pacer.nextMs - performance.now());
  }

  /** @param heldUntilMs of the monotonic clock: nothing starts before */
  set(perSecond: number | undefined, heldUntilMs: number): void {
    this.#heldUntilMs = heldUntilMs;
    this.#pacer = perSecond === undefined ? undefined : createPacer(perSecond, this.#pacer?.nextMs ?? 0);
  }

  /** How many of these may begin now. They count as begun. */
  allow(count: number, nature: SendNature): number {
    if (this.#pacer === undefined || count <= 0) return count;
    return this.#pacer.allow(count, { nowMs: performance.now(), ...nature });
  }
}
