const firstMs = 500;
const longestMs = 10_000;

/** Starts something again after a pause, which is twice as long each time until it succeeds: 0.5 to 10 s. */
export class Restart {
  readonly #start: () => void;
  #pauseMs = firstMs;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: () => void) {
    this.#start = start;
  }

  schedule(): void {
    this.#timer = setTimeout(this.#start, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestMs);
  }

  succeeded(): void {
    this.#pauseMs = firstMs;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
