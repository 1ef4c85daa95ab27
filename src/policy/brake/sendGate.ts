import type { DayQuota } from '../../providers/dayQuota.ts';
import type { RateLine } from '../rate/rateLine.ts';
import type { SlotDemand, SlotLease } from '../slots/slotLease.ts';
import { gatherMs, SendLine, takesFew } from './sendLine.ts';
import { SendPace } from './sendPace.ts';
import { type SendNature, SendQueue } from './sendQueue.ts';

export interface SendGateOptions {
  /** How many sends the provider takes at a time. */
  readonly capacity: number;
  /** Missing if there is no rate. */
  readonly rate?: RateLine | undefined;
  /** Missing if a day has no limit. */
  readonly dayQuota?: DayQuota | undefined;
  /** Missing if other processes' sends do not count. */
  readonly lease?: SlotLease | undefined;
}

/** A batch that would have to wait longer gives its bills back instead. */
const longestWaitMs = 2_000;

/**
 * Lets sends of one channel through: a limited number at a time, at the pace if there is one, none if closed.
 *
 * Invariants: `taken` is what was let through and not released; waiters are served in the order they came;
 * while the gate is closed nobody waits.
 */
export class SendGate {
  readonly lease: SlotLease | undefined;
  readonly rate: RateLine | undefined;
  /** The line of a provider that takes few at a time. With a rate, `RateLine` is the line. */
  readonly line: SendLine | undefined;
  readonly #capacity: number;
  readonly #onRoom: () => void;
  #atOnce = Number.POSITIVE_INFINITY;
  #taken = 0;
  #isClosed = false;
  readonly #pace = new SendPace();
  readonly #waiting = new SendQueue();
  #timer: NodeJS.Timeout | undefined;
  readonly #dayQuota: DayQuota | undefined;

  /** @param onRoom called when a provider's pause is over, the day has room again, or there are more slots */
  constructor(options: SendGateOptions, onRoom: () => void = () => undefined) {
    const { rate, dayQuota, lease } = options;
    this.#capacity = options.capacity;
    this.rate = rate;
    this.#dayQuota = dayQuota;
    this.#onRoom = onRoom;
    for (const limit of [rate, dayQuota]) limit?.onRoom(() => this.#serve());
    this.lease = lease;
    this.line = takesFew(options) ? new SendLine(() => this.#most) : undefined;
    lease?.serve(
      () => this.#demand(),
      () => this.#serve(),
    );
  }

  get taken(): number {
    return this.#taken;
  }

  get isPaced(): boolean {
    return this.#pace.isSet;
  }

  /** How many sends may begin now. */
  get free(): number {
    const slots = Math.max(0, Math.min(this.#most - this.#taken, this.#dayLeft));
    return this.rate === undefined ? slots : Math.min(slots, this.rate.free);
  }

  /** Whether nothing starts now: it is closed, the provider asked for a pause, or the day is used up. */
  get standsStill(): boolean {
    return this.#isClosed || this.#pace.holdLeftMs > 0 || this.#dayQuota?.isUsedUp === true;
  }

  /** It stands still, or the rate or the pace lets bills wait although the provider has room. */
  get isInTheWay(): boolean {
    const sets = this.rate !== undefined || this.#pace.isSet;
    return this.standsStill || (sets && !this.#waiting.isEmpty && this.#slots > 0);
  }

  /**
   * How many more bills the day has room for; Infinity without a limit per day.
   * @param claimed bills that are claimed already, including those that were let through
   */
  dayRoom(wanted: number, claimed: number): number {
    if (this.#dayQuota === undefined) return Number.POSITIVE_INFINITY;
    const room = this.#dayQuota.left - (claimed - this.#taken);
    if (room < wanted) this.#dayQuota.want();
    return room;
  }

  /** Waits for at least one slot and reserves up to `atMost`; 0: the gate is closed, nothing may be sent. */
  take(atMost: number, nature: SendNature = { careful: false }): Promise<number> {
    const isHeld = this.#dayLeft <= 0 || this.#pace.holdLeftMs > longestWaitMs;
    if (this.#isClosed || isHeld) return Promise.resolve(0);
    const count = this.#waiting.isEmpty ? this.#tryTake(atMost, nature) : 0;
    if (count > 0) return Promise.resolve(count);
    return new Promise((served) => {
      this.#waiting.add({ atMost, nature, served });
      this.#tellWanted();
      this.#serveAfter(this.#pace.waitMs);
    });
  }

  /** Lets a trial through, past every limit but that of the day. False: the day has no room. */
  takeOne(): boolean {
    if (this.#dayLeft <= 0) return false;
    this.#taken++;
    this.#dayQuota?.take(1);
    this.rate?.letThrough(1);
    return true;
  }

  /**
   * When a send that was let through may begin, by the rate or the line. Resolves to the time by which its
   * first byte must leave, or to undefined: see `turnedAway`. No promise: it may begin now.
   */
  turn(isTrial = false): Promise<number | undefined> | undefined {
    if (this.rate !== undefined) return this.rate.enter();
    return this.line?.enter(isTrial)?.then((mayGo) => (mayGo ? Number.POSITIVE_INFINITY : undefined));
  }

  /** The same for a send that missed its turn. */
  async turnAgain(): Promise<number | undefined> {
    return this.standsStill ? undefined : this.rate?.enterAgain();
  }

  /** Called if a send had no turn. */
  turnedAway(): void {
    this.#free(1);
    this.unsent(1);
  }

  /**
   * Called when a send that had its turn is over. @param tookMs if the provider was busy with it until then
   */
  ended(tookMs?: number): void {
    this.#free(1);
    this.line?.ended(tookMs);
  }

  /** Releases sends that were let through and did not ask for a turn. */
  release(count: number): void {
    this.#free(count);
    this.rate?.withdraw(count);
    this.unsent(count);
  }

  /** Called for sends that certainly have not left: the day has room for so many more. */
  unsent(count: number, sinceMs = performance.now()): void {
    this.#dayQuota?.giveBack(count, sinceMs);
  }

  #free(count: number): void {
    if (count > this.#taken) throw new RangeError(`${count} slots released, ${this.#taken} taken`);
    this.#taken -= count;
    if (this.#waiting.isEmpty || this.#timer !== undefined) return;
    this.#serveAfter(this.line?.gatherMs ?? gatherMs);
  }

  /** Sets another limit of sends at a time, besides what the provider takes. */
  setAtOnce(atOnce: number): void {
    this.#atOnce = atOnce;
  }

  setClosed(isClosed: boolean): void {
    if (isClosed && !this.#isClosed) {
      this.rate?.turnAway();
      this.line?.turnAway();
    }
    this.#isClosed = isClosed;
    if (isClosed) this.#turnAway();
  }

  /** @param heldUntilMs nothing starts before this time of the monotonic clock */
  setPace(perSecond: number | undefined, heldUntilMs = 0): void {
    this.#pace.set(perSecond, heldUntilMs);
    if (this.#pace.holdLeftMs > longestWaitMs) this.#turnAway();
    if (this.#pace.holdLeftMs > 0) this.#serveAfter(this.#pace.holdLeftMs);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#turnAway();
    this.rate?.stop();
    this.line?.turnAway();
    await this.lease?.stop();
  }

  get #dayLeft(): number {
    return this.#dayQuota?.left ?? Number.POSITIVE_INFINITY;
  }

  #tryTake(atMost: number, nature: SendNature): number {
    if (this.#pace.holdLeftMs > 0) return 0;
    const room = Math.min(atMost, this.#slots, Math.max(0, this.#dayLeft));
    const count = this.#pace.allow(Math.min(room, this.rate?.room ?? room), nature);
    this.#taken += count;
    if (count > 0) {
      this.rate?.letThrough(count);
      this.#dayQuota?.take(count);
    }
    return count;
  }

  #serveAfter(waitMs: number | undefined): void {
    if (waitMs === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#serve(), waitMs);
  }

  /** Sends that wait in the line hold no slot of the lease yet, so slots are asked for them. */
  #demand(): SlotDemand {
    const taken = this.line?.running ?? this.#taken;
    return { taken, waiting: this.#taken - taken + this.#waiting.wanted };
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.line?.serve();
    if (this.#waiting.isEmpty) this.#onRoom();
    if (this.#dayLeft <= 0) this.#turnAway();
    this.#waiting.serve(({ atMost, nature }) => this.#tryTake(atMost, nature));
    if (!this.#waiting.isEmpty) this.#serveAfter(this.#pace.waitMs);
    this.#tellWanted();
  }

  #turnAway(): void {
    this.#waiting.turnAway();
    this.#tellWanted();
  }

  /** No more than there are slots: a reserved moment that is not used is lost to all processes. */
  #tellWanted(): void {
    this.rate?.want(Math.min(this.#waiting.wanted, this.#slots));
  }

  get #most(): number {
    return Math.min(this.#capacity, this.lease?.granted ?? Number.POSITIVE_INFINITY);
  }

  get #slots(): number {
    const most = this.#most + (this.line?.ahead(this.#most) ?? 0);
    return Math.max(0, Math.min(most, this.#atOnce) - this.#taken);
  }
}
