/** Spaces sends out evenly, so that a provider that counts per second sees no burst. */
export interface Pacer {
  /** How many of `wanted` may start now; what is let through counts as started. */
  allow(wanted: number, options: { readonly nowMs: number; readonly careful: boolean }): number;
  /** When the next one may start, ms. */
  readonly nextMs: number;
}

/** Timers are late: so much lost time is made up for. */
const catchUpMs = 20;
/** Bills that were turned away once go out more slowly, so that none is turned away twice. */
const carefulShare = 0.6;

export function createPacer(perSecond: number, firstMs: number): Pacer {
  let nextMs = firstMs;
  return {
    allow(wanted, { nowMs, careful }) {
      const stepMs = 1_000 / (careful ? perSecond * carefulShare : perSecond);
      nextMs = Math.max(nextMs, nowMs - catchUpMs);
      const due = nextMs > nowMs ? 0 : Math.floor((nowMs - nextMs) / stepMs) + 1;
      const count = Math.min(wanted, due);
      nextMs += count * stepMs;
      return count;
    },
    get nextMs() {
      return nextMs;
    },
  };
}
