import type { BenchOptions } from '../options.ts';

/** One measurement of a dimension, and the options that it changes. */
export interface Point {
  readonly label: string;
  readonly change: Partial<BenchOptions>;
}

function each<T extends number>(values: readonly T[], change: (value: T) => Partial<BenchOptions>): Point[] {
  return values.map((value) => ({ label: value.toLocaleString('en'), change: change(value) }));
}

/** The points of each dimension. All other options stay. */
export const dimensions = {
  bills: [
    ...each([10_000, 100_000, 1_000_000], (bills) => ({ bills })),
    { label: '100,000 beside 10,000,000', change: { bills: 100_000, history: 10_000_000 } },
  ],
  processes: each([1, 2, 4], (processes) => ({ processes })),
  partitions: each([1, 4, 8, 16, 64], (partitions) => ({ partitions })),
  'batch-size': each([50, 125, 250, 500, 1_000], (batchSize) => ({ batchSize })),
  'in-flight': [
    // At 1 s per send this many go out per second: enough for half a minute.
    ...each([100, 1_000], (inFlight) => ({ inFlight, bills: inFlight * 30 })),
    ...each([10_000, 20_000, 50_000], (inFlight) => ({ inFlight })),
  ],
  items: [
    ...each([4, 8], (items) => ({ items })),
    // Fewer bills, since long ones take long to make.
    ...each([50, 200], (items) => ({ items, bills: Math.ceil(400_000 / items) })),
  ],
} as const satisfies Readonly<Record<string, readonly Point[]>>;

export type Dimension = keyof typeof dimensions;

export const dimensionNames = Object.keys(dimensions) as Dimension[];
