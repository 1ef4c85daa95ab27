/** How long a share is measured before it is believed. */
const measuredMs = 1_000;
/** Other processes may stop: so this much more than the measured share is asked for. */
const hope = 1.25;

/** This process's share of a common rate: all of it, unless others want some too. */
export class RateShare {
  readonly #limit: number;
  #perSecond: number;
  #sinceMs: number;
  #granted = 0;
  #wasRefused = false;

  constructor(limit: number, nowMs: number) {
    this.#limit = limit;
    this.#perSecond = limit;
    this.#sinceMs = nowMs;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** @param granted how many moments were given; undefined if all are taken for now */
  count(granted: number | undefined, nowMs: number): void {
    if (granted === undefined) this.#wasRefused = true;
    else this.#granted += granted;
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs < measuredMs) return;
    const measured = (this.#granted * 1_000 * hope) / elapsedMs;
    this.#perSecond = this.#wasRefused ? Math.min(this.#limit, Math.max(1, measured)) : this.#limit;
    this.#sinceMs = nowMs;
    this.#granted = 0;
    this.#wasRefused = false;
  }
}
