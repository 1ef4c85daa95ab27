import { backoffMs } from '../../lib/backoff.ts';

const backoff = { firstMs: 500, longestMs: 10_000 };

/** Starts something again after a pause of 0.5 to 10 s, which doubles until a start succeeds. */
export class Restart {
  readonly #start: () => void;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: () => void) {
    this.#start = start;
  }

  schedule(): void {
    this.#failures++;
    this.#timer = setTimeout(this.#start, backoffMs(this.#failures, backoff));
  }

  succeeded(): void {
    this.#failures = 0;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
