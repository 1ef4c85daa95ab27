/** Whether a send was tried before: then it should not be turned away again. */
export interface SendNature {
  readonly careful: boolean;
}

export interface WaitingSends {
  readonly atMost: number;
  readonly nature: SendNature;
  readonly served: (count: number) => void;
}

/** The waiters for slots, in the order they came. */
export class SendQueue {
  readonly #waiting: WaitingSends[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The slots that all waiters together want. */
  get wanted(): number {
    return this.#waiting.reduce((sum, { atMost }) => sum + atMost, 0);
  }

  add(sends: WaitingSends): void {
    this.#waiting.push(sends);
  }

  /** @param take says how many sends of a waiter may go; if 0, it and those behind it wait on */
  serve(take: (next: WaitingSends) => number): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const count = take(next);
      if (count === 0) return;
      this.#waiting.shift();
      next.served(count);
    }
  }

  turnAway(): void {
    for (const { served } of this.#waiting.splice(0)) served(0);
  }
}
