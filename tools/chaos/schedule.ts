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
  'leader',
  'rolling',
  'leaderless',
  'majority',
] as const;

export type InjectionKind = (typeof faultKinds)[number];

/** Those that want a Kafka of three brokers. */
export const clusterKinds: readonly InjectionKind[] = ['leader', 'rolling', 'leaderless', 'majority'];

/** Pure: what can strike a Kafka with this many brokers. */
export function kindsFor(brokers: number): readonly InjectionKind[] {
  return brokers < 3 ? faultKinds.filter((kind) => !clusterKinds.includes(kind)) : faultKinds;
}

export interface PlannedFault {
  /** From 1; also the stream of this fault's own choices. */
  readonly number: number;
  /** After the beginning of the run. */
  readonly atMs: number;
  readonly kind: InjectionKind;
}

/** The mean time between two faults is never longer, so that a long run has many of them. */
const longestMeanGapMs = 4_000;

/**
 * Pure: when which fault strikes. Rounds of all kinds, each in an order of its own, so that every kind has its turn
 * before one has its second; in a short run they come faster.
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
