/** A duration's distribution, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** By nearest rank, so each figure was really measured. */
export function latencyOf(valuesMs: readonly number[]): Latency {
  if (valuesMs.length === 0) throw new RangeError('nothing was measured');
  const sorted = valuesMs.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
