/** The relative error of two machines' clock rates that is allowed for. */
const drift = 2e-4;

/** One reading of another clock, with the two readings of ours around it. All in ms. */
export interface ClockSample {
  readonly theirsMs: number;
  readonly sentMs: number;
  readonly receivedMs: number;
}

/**
 * How far another machine's clock is ahead of ours.
 *
 * Its reading was taken between two of ours, so each sample bounds the offset. What all samples agree on is
 * narrower than any of them. If a sample contradicts the others, that clock was set, or another server
 * answers now: then only this sample counts.
 */
export class ClockOffset {
  #leastMs = Number.NEGATIVE_INFINITY;
  #mostMs = Number.POSITIVE_INFINITY;
  #atMs = 0;

  /** @returns theirs minus ours, ms */
  observe({ theirsMs, sentMs, receivedMs }: ClockSample): number {
    const driftMs = Math.max(0, receivedMs - this.#atMs) * drift;
    const leastMs = Math.max(this.#leastMs - driftMs, theirsMs - receivedMs);
    const mostMs = Math.min(this.#mostMs + driftMs, theirsMs - sentMs);
    const isConsistent = leastMs <= mostMs;
    this.#leastMs = isConsistent ? leastMs : theirsMs - receivedMs;
    this.#mostMs = isConsistent ? mostMs : theirsMs - sentMs;
    this.#atMs = receivedMs;
    return (this.#leastMs + this.#mostMs) / 2;
  }
}
