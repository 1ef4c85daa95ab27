import { loadTest } from '../loadTest.ts';
import type { Summary } from '../measure/summary.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { say } from '../system/benchServers.ts';
import { type Dimension, dimensions, type Point } from './dimensions.ts';

export interface ScaleResult {
  readonly dimension: Dimension;
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly points: readonly { readonly label: string; readonly summary: Summary }[];
}

/** Measures the product at each point of one dimension, one after the other. */
export async function measureScale(dimension: Dimension, options: BenchOptions): Promise<ScaleResult> {
  const points: { label: string; summary: Summary }[] = [];
  let machine: Machine | undefined;
  for (const { label, change } of dimensions[dimension] as readonly Point[]) {
    say(`${dimension}: ${label}`);
    const result = await loadTest({ ...options, ...change }, { product: true, floor: false });
    machine ??= result.machine;
    if (result.product !== undefined) points.push({ label, summary: result.product });
  }
  if (machine === undefined) throw new TypeError('a dimension has at least one point');
  return { dimension, machine, options, points };
}
