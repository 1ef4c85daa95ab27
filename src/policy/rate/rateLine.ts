import { type StartTimer, startNodeTimer } from '../../lib/nodeTimer.ts';
import { HandOffTime } from './handOffTime.ts';
import { RateShare } from './rateShare.ts';
import type { Reservation, Reserve } from './reservation.ts';

export interface RateLineOptions {
  /** The most sends per second of all processes together. */
  readonly perSecond: number;
  readonly reserve: Reserve;
  /** The monotonic clock; timers follow it. */
  readonly now?: () => number;
  readonly startTimer?: StartTimer;
}

/** A moment that is missed by more is lost: catching up would exceed the rate in some second. */
const graceMs = 30;
/** How many seconds' worth of moments one process asks for at once. */
const secondsAtOnce = 0.1;
const readyLeadMs = 2;
const askAgainMs = 25;
/** Bills are let through together, so that they are handed off by one statement. */
const gatherMs = 25;
/** If no moment comes for so long, bills that are handed off are given back. */
const longestWaitMs = 2_000;

/**
 * The sends of one provider in this process, under a rate that all processes share. Each process reserves
 * moments of the near future. A bill is handed off when a moment for it is near, and then waits for that
 * moment. So the time of a hand-off does not change when sends begin.
 *
 * Invariant: `#promised` bills were let through and have neither begun nor been given back.
 */
export class RateLine {
  readonly #reserve: Reserve;
  readonly #atOnce: number;
  readonly #now: () => number;
  readonly #startTimer: StartTimer;
  readonly #share: RateShare;
  readonly #handOffTime = new HandOffTime();
  readonly #moments: number[] = [];
  readonly #waiting: Waiter[] = [];
  #promised = 0;
  #wanted = 0;
  #onRoom: () => void = () => undefined;
  #letThroughAtMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #isStopped = false;
  #stopTimer: () => void = () => undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor({ perSecond, reserve, now, startTimer }: RateLineOptions) {
    this.#reserve = reserve;
    this.#atOnce = Math.max(1, Math.round(perSecond * secondsAtOnce));
    this.#now = now ?? (() => performance.now());
    this.#startTimer = startTimer ?? startNodeTimer;
    this.#share = new RateShare(perSecond, this.#now());
  }

  /** @param listener called when more bills may be let through */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  /** How many sends per second this process gets, as far as it knows. */
  get perSecond(): number {
    return this.#share.perSecond;
  }

  /** Moments that are reserved and not promised to a bill. */
  get free(): number {
    this.#forget();
    return Math.max(0, this.#moments.length - this.#promised);
  }

  /** How many more bills may be let through now. */
  get room(): number {
    const nowMs = this.#now();
    if (nowMs < this.#letThroughAtMs + gatherMs) return 0;
    this.#forget();
    const untilMs = nowMs + this.#handOffTime.aheadMs + gatherMs;
    const later = this.#moments.findIndex((moment) => moment > untilMs);
    const near = later === -1 ? this.#moments.length : later;
    return Math.max(0, near - this.#promised);
  }

  /** @param count bills that wait to be let through */
  want(count: number): void {
    this.#wanted = count;
    this.#ask();
    this.#wait();
  }

  letThrough(count: number): void {
    this.#letThroughAtMs = this.#now();
    this.#handOffTime.begin(count, this.#letThroughAtMs);
    this.#promised += count;
  }

  /** Called for bills that were let through and will not enter. */
  withdraw(count: number): void {
    this.#handOffTime.end(count, this.#now());
    this.#promised -= count;
  }

  /** How many sends wait for their moment. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves when a bill that was let through may be sent, with the time by which its first byte must leave,
   * by the monotonic clock. Undefined: the bill must be given back.
   */
  enter(): Promise<number | undefined> {
    const nowMs = this.#now();
    this.#handOffTime.end(1, nowMs);
    return this.#join(nowMs);
  }

  /** The same for a send that had its turn and could not begin in time. */
  enterAgain(): Promise<number | undefined> {
    this.#promised++;
    return this.#join(this.#now());
  }

  #join(sinceMs: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ sinceMs, resolve });
      if (this.#isStopped) this.turnAway();
      else if (this.#waiting.length === 1) this.#serve();
    });
  }

  /** Turns away all that wait: their bills are given back. */
  turnAway(): void {
    this.#turnAway(this.#waiting.length);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.turnAway();
  }

  /** Lets sends begin whose moment has come, and lets bills through for moments that are near. */
  #serve(): void {
    this.#forget();
    const nowMs = this.#now();
    let due = 0;
    while (due < this.#waiting.length && (this.#moments[due] ?? Number.POSITIVE_INFINITY) <= nowMs) due++;
    for (const moment of this.#moments.splice(0, due)) this.#answer(moment + graceMs);
    const tooLong = this.#waiting.findIndex(({ sinceMs }) => sinceMs > nowMs - longestWaitMs);
    this.#turnAway(tooLong === -1 ? this.#waiting.length : tooLong);
    if (this.#wanted > 0 && this.room > 0) this.#onRoom();
    this.#ask();
    this.#wait();
  }

  #turnAway(count: number): void {
    for (let nth = 0; nth < count; nth++) this.#answer(undefined);
  }

  /** Answers the first that waits. */
  #answer(turnEndsMs: number | undefined): void {
    this.#promised--;
    this.#waiting.shift()?.resolve(turnEndsMs);
  }

  /** Sets the timer for the next thing to do. */
  #wait(): void {
    const [oldest] = this.#waiting;
    if (this.#isStopped || (oldest === undefined && this.#wanted === 0)) return;
    const nextMs = oldest && (this.#moments[0] ?? oldest.sinceMs + longestWaitMs + 1);
    const roomMs = this.#wanted > 0 ? this.#nextRoomMs() : undefined;
    const atMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, roomMs ?? Number.POSITIVE_INFINITY);
    const nowMs = this.#now();
    const soonestMs = Math.max(atMs, nowMs + 1);
    // A timer that is due no later is kept: restarting it again and again would put it off for ever.
    if (soonestMs >= this.#timerAtMs) return;
    this.#stopTimer();
    this.#timerAtMs = soonestMs;
    this.#stopTimer = this.#startTimer(() => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#serve();
    }, soonestMs - nowMs);
  }

  #nextRoomMs(): number | undefined {
    const moment = this.#moments[this.#promised];
    if (moment === undefined) return undefined;
    return Math.max(this.#letThroughAtMs + gatherMs, moment - this.#handOffTime.aheadMs);
  }

  #forget(): void {
    const untilMs = this.#now() - graceMs;
    let lost = 0;
    while (lost < this.#moments.length && (this.#moments[lost] ?? 0) < untilMs) lost++;
    if (lost > 0) this.#moments.splice(0, lost);
  }

  #ask(): void {
    if (this.#isAsking || this.#isStopped) return;
    this.#forget();
    const missing = this.#wanted + this.#promised - this.#moments.length;
    if (missing <= 0) return;
    this.#isAsking = true;
    // Moments that are near are left to bills that are handed off: others cannot use them.
    const ready = this.#waiting.length - this.#moments.length;
    const ask =
      ready > 0
        ? { count: ready, leadMs: readyLeadMs }
        : { count: missing, leadMs: this.#handOffTime.aheadMs };
    const count = Math.min(ask.count, this.#atOnce);
    void this.#reserve({ ...ask, count }).then((got) => this.#take(got));
  }

  #take(got: Reservation | undefined): void {
    this.#share.count(got?.count, this.#now());
    if (got === undefined) {
      this.#startTimer(() => {
        this.#isAsking = false;
        this.#ask();
      }, askAgainMs);
      return;
    }
    this.#isAsking = false;
    for (let nth = 0; nth < got.count; nth++) this.#moments.push(got.firstMs + nth * got.stepMs);
    this.#serve();
  }
}

interface Waiter {
  readonly sinceMs: number;
  readonly resolve: (turnEndsMs: number | undefined) => void;
}
