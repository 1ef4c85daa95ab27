const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Starts something again after a pause, which is twice as long each time until it succeeds: 0.5 to 10 s. */
export class Restart {
  readonly #start: () => void;
  #pauseMs = FIRST_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: () => void) {
    this.#start = start;
  }

  schedule(): void {
    this.#timer = setTimeout(this.#start, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_MS);
  }

  succeeded(): void {
    this.#pauseMs = FIRST_MS;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
