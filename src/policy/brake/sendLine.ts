import { smallestCrowd } from './crowd.ts';
import { handedOffAhead, mostInTime } from './inHand.ts';

/** How long freed slots are gathered for a waiter: otherwise batches would go on one bill at a time. */
export const gatherMs = 3;
/** The same while sends are handed off ahead: each statement then hands off more of them. */
const longGatherMs = 10;
/** If no send begins for so long, bills that are handed off are given back. */
const longestWaitMs = 2_000;
const lookEveryMs = 500;
/** The weight of a new answer in the mean. */
const newestShare = 0.1;

/**
 * Pure: whether the sends of a provider need this line. A rate has its own line, and a provider that takes
 * many at a time needs none.
 */
export function takesFew({
  capacity,
  rate,
}: {
  readonly capacity: number;
  readonly rate?: unknown;
}): boolean {
  return rate === undefined && capacity <= smallestCrowd;
}

/**
 * The sends of a provider that takes few at a time. While its answers come quickly, more bills are handed off
 * than it takes, so that its connections never wait for a statement. Their sends wait here.
 *
 * Invariants: sends begin in the order they came; no send begins unless there is room for it; none waits for
 * much longer than `longestWaitMs`.
 */
export class SendLine {
  readonly #room: () => number;
  #running = 0;
  #waiting: Waiter[] = [];
  #meanMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param room how many sends may run at a time now */
  constructor(room: () => number) {
    this.#room = room;
  }

  /** How long sends took lately; Infinity if none was answered yet. */
  get meanMs(): number {
    return this.#meanMs;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * How long freed slots are gathered. Longer while bills are handed off ahead, since these keep the provider
   * busy.
   */
  get gatherMs(): number {
    const room = this.#room();
    return this.ahead(room) >= room ? longGatherMs : gatherMs;
  }

  /** How many bills have their turn before their claim is too old; Infinity if it is not known. */
  get mostInTime(): number {
    if (this.#meanMs === Number.POSITIVE_INFINITY) return this.#meanMs;
    return mostInTime((this.#room() * 1_000) / this.#meanMs);
  }

  /** How many bills may be handed off besides `atOnce` that are being sent. */
  ahead(atOnce: number): number {
    return handedOffAhead(atOnce, this.#meanMs);
  }

  /**
   * Resolves when a send may begin; false: its bill must be given back. Undefined: it may begin now.
   * @param isTrial true: it waits for no others
   */
  enter(isTrial: boolean): Promise<boolean> | undefined {
    if (isTrial || (this.#waiting.length === 0 && this.#running < this.#room())) {
      this.#running++;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting.push({ sinceMs: performance.now(), resolve });
      this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
    });
  }

  /** Called when a send is over. @param tookMs if the provider was busy with it until then */
  ended(tookMs: number | undefined): void {
    this.#running--;
    if (tookMs !== undefined) {
      const isFirst = this.#meanMs === Number.POSITIVE_INFINITY;
      this.#meanMs = isFirst ? tookMs : this.#meanMs + (tookMs - this.#meanMs) * newestShare;
    }
    if (this.#waiting.length > 0) this.serve();
  }

  /** Called when there may be room for more. */
  serve(): void {
    const count = Math.max(0, this.#room() - this.#running);
    this.#running += Math.min(count, this.#waiting.length);
    this.#answer(count, true);
  }

  turnAway(): void {
    this.#answer(this.#waiting.length, false);
  }

  #look(): void {
    const untilMs = performance.now() - longestWaitMs;
    const young = this.#waiting.findIndex(({ sinceMs }) => sinceMs > untilMs);
    this.#answer(young === -1 ? this.#waiting.length : young, false);
  }

  #answer(count: number, mayBegin: boolean): void {
    for (const { resolve } of this.#waiting.splice(0, count)) resolve(mayBegin);
    if (this.#waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

interface Waiter {
  readonly sinceMs: number;
  readonly resolve: (mayBegin: boolean) => void;
}
