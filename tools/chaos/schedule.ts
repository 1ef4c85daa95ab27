import { createRandom } from '../../src/sample/random.ts';

/** Everything that a run can do to billcast and its servers. */
export const faultKinds = [
  'kill',
  'stop',
  'relay',
  'thread',
  'rebalance',
  'kafka',
  'postgres',
  'cut',
  'cancel',
  'gateway',
  'duplicate',
  'poison',
  'bounce',
  'receipt',
  'leader',
  'rolling',
  'leaderless',
  'majority',
] as const;

export type InjectionKind = (typeof faultKinds)[number];

/** Faults that need three brokers. */
export const clusterKinds: readonly InjectionKind[] = ['leader', 'rolling', 'leaderless', 'majority'];

/** Pure: the faults that are possible with this many brokers. */
export function kindsFor(brokers: number): readonly InjectionKind[] {
  return brokers < 3 ? faultKinds.filter((kind) => !clusterKinds.includes(kind)) : faultKinds;
}

export interface PlannedFault {
  /** Counted from 1. It also selects the random stream of this fault. */
  readonly number: number;
  /** Counted from the start of the run. */
  readonly atMs: number;
  readonly kind: InjectionKind;
}

/** The mean time between two faults is at most this, so that a long run has many faults. */
const longestMeanGapMs = 4_000;

/**
 * Pure: plans which fault is injected when. Each round has all kinds in a new order, so that every kind
 * occurs before any occurs twice. In a short run faults come faster.
 * @param seed a safe integer; the same seed, kinds and span give the same schedule
 */
export function planFaults(options: {
  seed: number;
  kinds: readonly InjectionKind[];
  spanMs: number;
}): PlannedFault[] {
  const { seed, kinds, spanMs } = options;
  const random = createRandom(seed, 0n);
  const meanGapMs = Math.min(longestMeanGapMs, spanMs / (kinds.length + 1));
  const planned: PlannedFault[] = [];
  let round: InjectionKind[] = [];
  for (let atMs = meanGapMs; ; atMs += (meanGapMs * random.integer(50, 150)) / 100) {
    if (round.length === 0) round = random.draw(kinds, kinds.length);
    const kind = round.pop();
    if (kind === undefined || atMs >= spanMs) return planned;
    planned.push({ number: planned.length + 1, atMs: Math.round(atMs), kind });
  }
}
