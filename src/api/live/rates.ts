import type { CountFacts } from '../../operations/liveStatus.ts';
import type { Live } from '../contract/streamContract.ts';

/** Long enough to be steady, short enough to show a stop. */
const windowMs = 15_000;

/** Keeps the counts of the last seconds, and tells how fast they change. */
export class Rates {
  #readings: CountFacts[] = [];

  add(reading: CountFacts): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && reading.asOf <= last.asOf) return;
    const newest = reading.asOf.getTime();
    this.#readings = [...this.#readings, reading].filter(
      ({ asOf }, index, all) => newest - asOf.getTime() <= windowMs || index === all.length - 2,
    );
  }

  /** Null until there are two readings. */
  current(): Live['rates'] {
    const first = this.#readings[0];
    const last = this.#readings.at(-1);
    return first === undefined || last === undefined || first === last ? null : ratesBetween(first, last);
  }
}

/**
 * Pure. A bill that starts its next cycle is subtracted from the settled ones, so rates are net, and never
 * below 0.
 */
function ratesBetween(first: CountFacts, last: CountFacts): NonNullable<Live['rates']> {
  const overMs = last.asOf.getTime() - first.asOf.getTime();
  const perSecond = (before: number, after: number): number => (Math.max(0, after - before) / overMs) * 1_000;
  const deliveredPerSecond = perSecond(first.counts.delivered, last.counts.delivered);
  const failedPerSecond = perSecond(first.counts.failed, last.counts.failed);
  const settledPerSecond = deliveredPerSecond + failedPerSecond;
  const { pending, held, waiting, sending, sent } = last.counts;
  const due = Math.max(0, pending - held - waiting) + sending + sent;
  return {
    overMs,
    deliveredPerSecond,
    failedPerSecond,
    secondsLeft: due === 0 ? 0 : settledPerSecond === 0 ? null : due / settledPerSecond,
  };
}
