import type { DayQuota } from '../../src/providers/dayQuota.ts';

/** A number of sends per day that no other process shares. */
export class FixedQuota implements DayQuota {
  left: number;
  wanted = 0;
  #onRoom: () => void = () => undefined;

  constructor(left: number) {
    this.left = left;
  }

  get isUsedUp(): boolean {
    return this.left <= 0;
  }

  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  want(): void {
    this.wanted++;
  }

  take(count: number): void {
    this.left -= count;
  }

  giveBack(count: number): void {
    this.left += count;
  }

  /** The next day begins. */
  renew(left: number): void {
    this.left = left;
    this.#onRoom();
  }

  waitMs(): Promise<number> {
    if (this.left <= 0) return Promise.resolve(3_600_000);
    this.take(1);
    return Promise.resolve(0);
  }

  stop(): void {}
}
