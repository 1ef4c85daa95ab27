/** How far a partition is done. */
export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  readonly watermark: number | undefined;
  readonly inFlight: number;
}

/**
 * How long the watermark of each partition has stood still although records are in flight. The age is
 * measured from scrape to scrape, so it is exact to one interval, and the path pays nothing.
 */
export class WatermarkAges {
  #seen = new Map<string, { readonly watermark: number | undefined; readonly sinceMs: number }>();

  /** @param nowMs the time of a monotonic clock */
  read(
    partitions: readonly PartitionProgress[],
    nowMs: number,
  ): { topic: string; partition: number; seconds: number }[] {
    const before = this.#seen;
    this.#seen = new Map();
    return partitions.map(({ topic, partition, watermark, inFlight }) => {
      const key = `${topic}/${partition}`;
      const last = before.get(key);
      const stands = last !== undefined && last.watermark === watermark && inFlight > 0;
      const sinceMs = stands ? last.sinceMs : nowMs;
      this.#seen.set(key, { watermark, sinceMs });
      return { topic, partition, seconds: (nowMs - sinceMs) / 1_000 };
    });
  }
}
