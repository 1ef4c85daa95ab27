/**
 * Bytes that are reserved before work begins, and released when it is done. Waiters are served in the order
 * they came. Work that needs more than all of the room gets it alone.
 */
export class ByteRoom {
  readonly #capacity: number;
  #taken = 0;
  readonly #waiting: { readonly bytes: number; readonly served: () => void }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Resolves when the bytes are reserved; at once if there is room. */
  take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#taken += bytes;
      return Promise.resolve();
    }
    return new Promise((served) => this.#waiting.push({ bytes, served }));
  }

  release(bytes: number): void {
    if (bytes > this.#taken) throw new RangeError(`${bytes} bytes released, ${this.#taken} taken`);
    this.#taken -= bytes;
    for (let [next] = this.#waiting; next !== undefined && this.#fits(next.bytes); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#taken += next.bytes;
      next.served();
    }
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#capacity;
  }
}
