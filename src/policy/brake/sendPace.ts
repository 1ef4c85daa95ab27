import { createPacer, type Pacer } from './pacer.ts';
import type { SendNature } from './sendQueue.ts';

/** How fast sends may begin by the provider's pace, and until when none may. */
export class SendPace {
  #pacer: Pacer | undefined;
  #heldUntilMs = 0;

  get isSet(): boolean {
    return this.#pacer !== undefined;
  }

  /** The time until any send may begin. */
  get holdLeftMs(): number {
    return this.#heldUntilMs === 0 ? 0 : Math.max(0, this.#heldUntilMs - performance.now());
  }

  /** The time until the next send may begin; undefined if only a free slot is missing. */
  get waitMs(): number | undefined {
    const { holdLeftMs } = this;
    if (holdLeftMs > 0) return holdLeftMs;
    return this.#pacer === undefined ? undefined : Math.max(1, this.#pacer.nextMs - performance.now());
  }

  /** @param heldUntilMs nothing starts before this time of the monotonic clock */
  set(perSecond: number | undefined, heldUntilMs: number): void {
    this.#heldUntilMs = heldUntilMs;
    this.#pacer = perSecond === undefined ? undefined : createPacer(perSecond, this.#pacer?.nextMs ?? 0);
  }

  /** How many of `count` sends may begin now. They count as begun. */
  allow(count: number, nature: SendNature): number {
    if (this.#pacer === undefined || count <= 0) return count;
    return this.#pacer.allow(count, { nowMs: performance.now(), ...nature });
  }
}
