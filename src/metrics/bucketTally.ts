/**
 * Counts values by buckets: durations in seconds, or sizes. It is on the path of every bill and allocates
 * nothing per value.
 */
export class BucketTally {
  /** Upper bounds of the buckets, rising. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  record(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** The sum of all values. */
  get sum(): number {
    return this.#sum;
  }

  /** Values per bucket, not cumulative. The last bucket is for values above all bounds. */
  get counts(): readonly number[] {
    return [...this.#counts];
  }
}
