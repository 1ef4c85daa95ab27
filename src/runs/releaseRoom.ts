/** What decides how many bills a run releases now. */
export interface ReleaseCourse {
  /** The plan's pace; null: as fast as bills go out. */
  readonly pacePerSecond: number | null;
  /** Since the last release. */
  readonly elapsedMs: number;
  /** What the pace has left over, in bills. */
  readonly savedBills: number;
  /** Released and not through yet. */
  readonly onTheirWay: number;
  /** How fast they went through lately; null if nobody knows yet. */
  readonly measuredPerSecond: number | null;
  /** What the providers may take at most; null if nobody says. */
  readonly providerPerSecond: number | null;
}

/**
 * So few may be ahead, if no provider is known to be slower: a run begins with them, and finds out how fast
 * they go. A provider that takes 5 s per bill still gets a thousand per second.
 */
const fewestAhead = 5_000;
/** So much of what goes out may be ahead: a pause of the run is felt within this time. */
const secondsAhead = 8;
/** A keeper that was away does not make up for it. */
const longestElapsedMs = 2_000;
/** How many bills to release now, and what the pace has left over after that. */
export interface ReleaseRoom {
  readonly bills: number;
  readonly savedBills: number;
}

/** Pure. */
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

/** The rate is measured over this much time in which bills were let through. */
const windowMs = 60_000;
/** Less than this says nothing. */
const shortestMs = 3_000;

/** How fast the bills of a run go through. Time in which something holds them back does not count. */
export class RunSpeed {
  readonly #samples: Sample[] = [];
  #flowMs = 0;
  #lastMs: number | undefined;

  /**
   * @param isFlowing whether nothing has held bills back since the last call
   * @param through bills of the run that are through
   */
  observe(nowMs: number, isFlowing: boolean, through: number): void {
    if (isFlowing && this.#lastMs !== undefined) this.#flowMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (!isFlowing && this.#samples.length > 0) return;
    this.#samples.push({ flowMs: this.#flowMs, through });
    while (this.#flowMs - (this.#samples[1]?.flowMs ?? this.#flowMs) >= windowMs) this.#samples.shift();
  }

  /** Bills that went through in the time of the window. */
  recent(): number {
    return (this.#samples.at(-1)?.through ?? 0) - (this.#samples[0]?.through ?? 0);
  }

  /** Null if nobody knows yet. */
  perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.flowMs - first.flowMs < shortestMs) return null;
    return (Math.max(0, last.through - first.through) * 1_000) / (last.flowMs - first.flowMs);
  }
}
