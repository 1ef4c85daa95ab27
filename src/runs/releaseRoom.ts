/** What determines how many bills a run releases now. */
export interface ReleaseCourse {
  /** The plan's pace; null: as fast as bills are sent. */
  readonly pacePerSecond: number | null;
  /** The time since the last release. */
  readonly elapsedMs: number;
  /** Bills that the pace allowed and that were not released. */
  readonly savedBills: number;
  /** Bills that are released and not done yet. */
  readonly onTheirWay: number;
  /** How many were done per second lately; null if nobody knows yet. */
  readonly measuredPerSecond: number | null;
  /** The most that the providers may take; null if no setting limits them. */
  readonly providerPerSecond: number | null;
}

/**
 * At least so many may be ahead, unless a provider is known to be slower: a run begins with them and finds
 * out how fast they are done. Even a provider that takes 5 s per bill then gets a thousand per second.
 */
const fewestAhead = 5_000;
/** So many seconds' worth of bills may be ahead: a pause of the run is felt within this time. */
const secondsAhead = 8;
/** A keeper that was away for longer does not make up for it. */
const longestElapsedMs = 2_000;
/** How many bills to release now, and what the pace then has left. */
export interface ReleaseRoom {
  readonly bills: number;
  readonly savedBills: number;
}

/** Pure: decides how many bills to release now. */
export function releaseRoom(course: ReleaseCourse): ReleaseRoom {
  const { pacePerSecond, elapsedMs, savedBills, onTheirWay, measuredPerSecond, providerPerSecond } = course;
  const fewest = Math.min(fewestAhead, secondsAhead * Math.max(1, providerPerSecond ?? fewestAhead));
  const ahead = Math.max(fewest, secondsAhead * (measuredPerSecond ?? 0));
  const room = Math.max(0, Math.floor(ahead - onTheirWay));
  if (pacePerSecond === null) return { bills: room, savedBills: 0 };
  const earned = savedBills + (pacePerSecond * Math.min(elapsedMs, longestElapsedMs)) / 1_000;
  const bills = Math.min(room, Math.floor(earned));
  return { bills, savedBills: Math.min(earned - bills, pacePerSecond) };
}

interface Sample {
  readonly flowMs: number;
  readonly through: number;
}

/** The rate is measured over so much time in which nothing held bills back. */
const windowMs = 60_000;
/** A shorter time says nothing. */
const shortestMs = 3_000;

/** How fast the bills of a run are done. Time in which something holds them back does not count. */
export class RunSpeed {
  readonly #samples: Sample[] = [];
  #flowMs = 0;
  #lastMs: number | undefined;

  /**
   * @param isFlowing whether nothing has held bills back since the last call
   * @param through bills of the run that are done
   */
  observe(nowMs: number, isFlowing: boolean, through: number): void {
    if (isFlowing && this.#lastMs !== undefined) this.#flowMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (!isFlowing && this.#samples.length > 0) return;
    this.#samples.push({ flowMs: this.#flowMs, through });
    while (this.#flowMs - (this.#samples[1]?.flowMs ?? this.#flowMs) >= windowMs) this.#samples.shift();
  }

  /** Bills that were done in the measured time. */
  recent(): number {
    return (this.#samples.at(-1)?.through ?? 0) - (this.#samples[0]?.through ?? 0);
  }

  /** Bills done per second; null if nobody knows yet. */
  perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.flowMs - first.flowMs < shortestMs) return null;
    return (Math.max(0, last.through - first.through) * 1_000) / (last.flowMs - first.flowMs);
  }
}
