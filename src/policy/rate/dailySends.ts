import { type StartTimer, startNodeTimer } from '../../lib/nodeTimer.ts';
import type { DayQuota } from '../../providers/dayQuota.ts';

/** The database's answer to one request. Times are of this process's monotonic clock. */
export interface ReservedMails {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Whether all that was asked for is reserved. */
  readonly isGranted: boolean;
  /** How many all processes together may still take today. */
  readonly left: number;
  /** The day does not end before this time. */
  readonly endsMs: number;
  /** At this time the next day has certainly begun. */
  readonly nextMs: number;
}

/** Reserves `count` of today's sends; undefined if the database does not answer. Never rejects. */
export type ReserveMails = (count: number) => Promise<ReservedMails | undefined>;

export interface DailySendsOptions {
  readonly reserve: ReserveMails;
  /** A send that is taken begins within this time, or never. */
  readonly longestStartMs: number;
  /** The monotonic clock; timers follow it. */
  readonly now?: () => number;
  readonly startTimer?: StartTimer;
}

/** The share of the day's rest that is reserved at once. It is lost if the process dies. */
const shareAtOnce = 0.02;
const mostAtOnce = 200;
const askAgainMs = 1_000;
/** Bills that wait for the next day come back within its first half hour, and not all in one moment. */
const spreadMs = 30 * 60_000;

/**
 * The sends of this process under a limit per day that all processes share. It reserves blocks of that limit.
 * What is left of a block at the end of the day is lost, so a day may have a few less, never more.
 *
 * States: nothing asked yet, with a block (until it is used or the day is nearly over), asking, used up
 * (until the next day). Invariant: `#left` were granted for `#day` and not taken.
 */
export class DailySends implements DayQuota {
  readonly #reserve: ReserveMails;
  readonly #longestStartMs: number;
  readonly #now: () => number;
  readonly #startTimer: StartTimer;
  #left = 0;
  #day = '';
  #untilMs = Number.NEGATIVE_INFINITY;
  #nextMs = Number.NEGATIVE_INFINITY;
  #dayBeganMs = Number.NEGATIVE_INFINITY;
  #atOnce = 1;
  #isUsedUp = false;
  #isAsking = false;
  #isStopped = false;
  #onRoom: () => void = () => undefined;
  #waiting: ((isAnswered: boolean) => void)[] = [];
  #stopTimer: () => void = () => undefined;

  constructor({ reserve, longestStartMs, now, startTimer }: DailySendsOptions) {
    this.#reserve = reserve;
    this.#longestStartMs = longestStartMs;
    this.#now = now ?? (() => performance.now());
    this.#startTimer = startTimer ?? startNodeTimer;
  }

  get left(): number {
    return this.#now() < this.#untilMs ? this.#left : 0;
  }

  get isUsedUp(): boolean {
    return this.#isUsedUp && this.left <= 0;
  }

  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  want(): void {
    if (this.#isAsking || this.#isUsedUp || this.#isStopped) return;
    const nowMs = this.#now();
    // In the last seconds of the day nothing is granted: such a send could begin on the next day.
    if (nowMs >= this.#untilMs && nowMs < this.#nextMs) {
      this.#useUp();
      return;
    }
    this.#isAsking = true;
    const count = this.#atOnce;
    void this.#reserve(count).then((answer) => this.#hear(answer, count));
  }

  take(count: number): void {
    this.#left -= count;
  }

  giveBack(count: number, sinceMs: number): void {
    if (sinceMs >= this.#dayBeganMs) this.#left += count;
  }

  async waitMs(): Promise<number> {
    while (this.left <= 0 && !this.#isUsedUp) {
      const isAnswered = await new Promise<boolean>((resolve) => {
        this.#waiting.push(resolve);
        if (this.#isStopped) this.#answerWaiting(false);
        else this.want();
      });
      if (!isAnswered) return askAgainMs * (1 + Math.random());
    }
    if (this.#isUsedUp && this.left <= 0) {
      return Math.max(0, this.#nextMs - this.#now()) + Math.random() * spreadMs;
    }
    this.take(1);
    return 0;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.#answerWaiting(false);
  }

  #hear(answer: ReservedMails | undefined, count: number): void {
    this.#isAsking = false;
    if (this.#isStopped) return;
    if (answer === undefined) {
      this.#answerWaiting(false);
      this.#stopTimer = this.#startTimer(() => this.#onRoom(), askAgainMs);
      return;
    }
    const { isGranted, day, left, endsMs, nextMs } = answer;
    if (day !== this.#day) {
      this.#day = day;
      this.#left = 0;
      this.#dayBeganMs = this.#now();
    }
    this.#untilMs = endsMs - this.#longestStartMs;
    this.#nextMs = nextMs;
    this.#atOnce = Math.max(1, Math.min(mostAtOnce, Math.ceil(left * shareAtOnce)));
    if (isGranted) this.#left += count;
    else if (left < 1) {
      this.#useUp();
      return;
    }
    this.#answerWaiting(true);
    if (this.left <= 0) this.want();
    else this.#onRoom();
  }

  /** The rest of the last block may still be taken. Nothing more is asked for until the next day. */
  #useUp(): void {
    this.#isUsedUp = true;
    this.#stopTimer();
    this.#stopTimer = this.#startTimer(() => {
      this.#isUsedUp = false;
      this.#onRoom();
    }, this.#nextMs - this.#now());
    this.#answerWaiting(true);
  }

  #answerWaiting(isAnswered: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(isAnswered);
  }
}
