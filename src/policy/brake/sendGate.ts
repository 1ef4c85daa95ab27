import type { DayQuota } from '../../providers/dayQuota.ts';
import type { RateLine } from '../rate/rateLine.ts';
import type { SlotLease } from '../slots/slotLease.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { type SendNature, SendQueue } from './sendQueue.ts';

export interface SendGateOptions {
  /** Sends that the provider takes at a time. */
  readonly capacity: number;
  /** Missing: there is no rate. */
  readonly rate?: RateLine | undefined;
  /** Missing: as many per day as there are. */
  readonly dayQuota?: DayQuota | undefined;
  /** Missing: other processes' sends do not matter. */
  readonly lease?: SlotLease | undefined;
}

/** How long freed slots are gathered for a waiter, so that batches do not go on one bill at a time. */
const gatherMs = 3;
/** A batch that would have to wait longer gives its bills back instead. */
const longestWaitMs = 2_000;

/**
 * Lets sends of one channel through: a limited number at a time, at a pace if there is one, none while it is
 * closed.
 *
 * Invariants: `taken` is what was let through and not released; those who wait are served in the order they
 * came; while the gate is closed nobody waits.
 */
export class SendGate {
  readonly lease: SlotLease | undefined;
  readonly #capacity: number;
  readonly #onRoom: () => void;
  #atOnce = Number.POSITIVE_INFINITY;
  #taken = 0;
  #isClosed = false;
  #heldUntilMs = 0;
  #pacer: Pacer | undefined;
  readonly #waiting = new SendQueue();
  #timer: NodeJS.Timeout | undefined;

  readonly #rate: RateLine | undefined;
  readonly #dayQuota: DayQuota | undefined;

  /** @param onRoom called when a provider's pause is over, a day has room again, or there are more slots */
  constructor(options: SendGateOptions, onRoom: () => void = () => undefined) {
    const { capacity, rate, dayQuota, lease } = options;
    this.#capacity = capacity;
    this.#rate = rate;
    this.#dayQuota = dayQuota;
    this.#onRoom = onRoom;
    rate?.onRoom(() => this.#serve());
    dayQuota?.onRoom(() => this.#serve());
    this.lease = lease;
    lease?.serve(
      () => ({ taken: this.#taken, waiting: this.#waiting.wanted }),
      () => this.#serve(),
    );
  }

  get taken(): number {
    return this.#taken;
  }

  get isPaced(): boolean {
    return this.#pacer !== undefined;
  }

  /** Of the rate, what this process gets; Infinity without one. */
  get perSecond(): number {
    return this.#rate?.perSecond ?? Number.POSITIVE_INFINITY;
  }

  /** Sends that may begin now. */
  get free(): number {
    const slots = Math.max(0, Math.min(this.#most - this.#taken, this.#dayLeft));
    return this.#rate === undefined ? slots : Math.min(slots, this.#rate.free);
  }

  /** Nothing starts now: closed, the provider asked for a pause, or the day's number is used up. */
  get standsStill(): boolean {
    return this.#isClosed || this.#holdLeftMs() > 0 || this.#dayQuota?.isUsedUp === true;
  }

  /**
   * How many more bills the day has room for; Infinity without a number per day.
   * @param claimed bills that are claimed already, with those that were let through
   */
  dayRoom(wanted: number, claimed: number): number {
    if (this.#dayQuota === undefined) return Number.POSITIVE_INFINITY;
    const room = this.#dayQuota.left - (claimed - this.#taken);
    if (room < wanted) this.#dayQuota.want();
    return room;
  }

  /**
   * Waits for at least one slot and reserves up to `atMost`; 0 says that it is closed, and nothing is to be
   * sent.
   */
  take(atMost: number, nature: SendNature = { careful: false }): Promise<number> {
    if (this.#isClosed || this.#dayLeft <= 0 || this.#holdLeftMs() > longestWaitMs) return Promise.resolve(0);
    const count = this.#waiting.isEmpty ? this.#tryTake(atMost, nature) : 0;
    if (count > 0) return Promise.resolve(count);
    return new Promise((served) => {
      this.#waiting.add({ atMost, nature, served });
      this.#tellWanted();
      this.#serveAfter(this.#waitMs());
    });
  }

  /** For a trial: ignores every limit but that of the day. False: it has no room. */
  takeOne(): boolean {
    if (this.#dayLeft <= 0) return false;
    this.#taken++;
    this.#dayQuota?.take(1);
    this.#rate?.letThrough(1);
    return true;
  }

  /**
   * Resolves when a send that was let through may begin by the rate, or to false if it must not begin: then
   * its slot is freed. Undefined: it may begin now.
   */
  turn(): Promise<boolean> | undefined {
    return this.#rate?.enter();
  }

  /** They were let through, and their turn is not asked for. */
  release(count: number): void {
    this.end(count);
    this.#rate?.withdraw(count);
    this.unsent(count);
  }

  /** They certainly have not left: the day has room for so many more. */
  unsent(count: number, sinceMs = performance.now()): void {
    this.#dayQuota?.giveBack(count, sinceMs);
  }

  /** They had their turn. */
  end(count: number): void {
    if (count > this.#taken) throw new RangeError(`${count} slots released, ${this.#taken} taken`);
    this.#taken -= count;
    if (!this.#waiting.isEmpty && this.#timer === undefined) this.#serveAfter(gatherMs);
  }

  /** Limits sends at a time, besides what the provider takes. */
  setAtOnce(atOnce: number): void {
    this.#atOnce = atOnce;
  }

  setClosed(isClosed: boolean): void {
    if (isClosed && !this.#isClosed) this.#rate?.turnAway();
    this.#isClosed = isClosed;
    if (isClosed) this.#turnAway();
  }

  /** @param heldUntilMs of the monotonic clock: nothing starts before */
  setPace(perSecond: number | undefined, heldUntilMs = 0): void {
    this.#heldUntilMs = heldUntilMs;
    this.#pacer = perSecond === undefined ? undefined : createPacer(perSecond, this.#pacer?.nextMs ?? 0);
    const holdLeftMs = this.#holdLeftMs();
    if (holdLeftMs > longestWaitMs) this.#turnAway();
    if (holdLeftMs > 0) this.#serveAfter(holdLeftMs);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#turnAway();
    this.#rate?.stop();
    await this.lease?.stop();
  }

  get #dayLeft(): number {
    return this.#dayQuota === undefined ? Number.POSITIVE_INFINITY : this.#dayQuota.left;
  }

  #tryTake(atMost: number, nature: SendNature): number {
    let count = Math.min(atMost, this.#slots, Math.max(0, this.#dayLeft));
    if (this.#holdLeftMs() > 0) return 0;
    if (this.#rate !== undefined) count = Math.min(count, this.#rate.room);
    if (this.#pacer !== undefined && count > 0) {
      count = this.#pacer.allow(count, { nowMs: performance.now(), ...nature });
    }
    this.#taken += count;
    if (count > 0) {
      this.#rate?.letThrough(count);
      this.#dayQuota?.take(count);
    }
    return count;
  }

  #holdLeftMs(): number {
    return this.#heldUntilMs === 0 ? 0 : Math.max(0, this.#heldUntilMs - performance.now());
  }

  /** Without a pace only a release gives room, and that serves by itself. */
  #waitMs(): number | undefined {
    const holdLeftMs = this.#holdLeftMs();
    if (holdLeftMs > 0) return holdLeftMs;
    return this.#pacer === undefined ? undefined : Math.max(1, this.#pacer.nextMs - performance.now());
  }

  #serveAfter(waitMs: number | undefined): void {
    if (waitMs === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#serve(), waitMs);
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.isEmpty) this.#onRoom();
    if (this.#dayLeft <= 0) this.#turnAway();
    this.#waiting.serve(({ atMost, nature }) => this.#tryTake(atMost, nature));
    if (!this.#waiting.isEmpty) this.#serveAfter(this.#waitMs());
    this.#tellWanted();
  }

  #turnAway(): void {
    this.#waiting.turnAway();
    this.#tellWanted();
  }

  /** No more than there are slots for: what is reserved and not used is lost to all processes. */
  #tellWanted(): void {
    this.#rate?.want(Math.min(this.#waiting.wanted, this.#slots));
  }

  get #most(): number {
    return Math.min(this.#capacity, this.lease?.granted ?? Number.POSITIVE_INFINITY);
  }

  get #slots(): number {
    return Math.max(0, Math.min(this.#most, this.#atOnce) - this.#taken);
  }
}
