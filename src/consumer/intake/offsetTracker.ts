/**
 * The offsets of one partition during one assignment (an epoch): which records were received, which are done,
 * and which offset may be committed.
 *
 * States: live, then revoked for ever. A partition that comes back gets a new tracker, so nothing from an
 * earlier epoch can change it.
 *
 * Invariants
 * - An entry is the running number of a received record in this tracker. Numbers are never reused, so a late
 *   completion can never hit another record, not even one at the same offset.
 * - `watermark` is never beyond the oldest record that is received and not done.
 * - Offsets only rise, with gaps (compaction, control records). A record below `position` is already held.
 * - Memory: 9 bytes per record, from the oldest one not done to the newest one received.
 *
 * Offsets are kept as numbers: 2^53 records per partition are 20,000 years at 14,000 per second.
 */
export class OffsetTracker {
  #offsets = new Float64Array(initialCapacity);
  #done = new Uint8Array(initialCapacity);
  #head = 0;
  #tail = 0;
  #undone = 0;
  #position: number | undefined;
  #watermark: number | undefined;
  #revoked = false;

  /**
   * Holds the record at `offset`.
   * @returns its entry; undefined if the record is already held (fetched again after a rejoin) or the tracker
   * is revoked
   */
  received(offset: number): number | undefined {
    if (this.#revoked || (this.#position !== undefined && offset < this.#position)) return undefined;
    if (this.#tail - this.#head === this.#offsets.length) this.#grow();
    const entry = this.#tail++;
    const slot = entry & (this.#offsets.length - 1);
    this.#offsets[slot] = offset;
    this.#done[slot] = 0;
    this.#undone++;
    this.#position = offset + 1;
    return entry;
  }

  /** Everything below `position` has been seen: behind the last record there was a gap. */
  skippedTo(position: number): void {
    if (this.#revoked || (this.#position !== undefined && position <= this.#position)) return;
    this.#position = position;
    if (this.#head === this.#tail) this.#watermark = position;
  }

  /**
   * The entry is done. May be called in any order and repeatedly; has no effect once the tracker is revoked.
   */
  complete(entry: number): void {
    if (this.#revoked || entry < this.#head || entry >= this.#tail) return;
    const slot = entry & (this.#offsets.length - 1);
    if (this.#done[slot] === 1) return;
    this.#done[slot] = 1;
    this.#undone--;
    if (entry === this.#head) this.#advance();
  }

  /** The partition is no longer ours. */
  revoke(): void {
    this.#revoked = true;
    this.#undone = 0;
    this.#head = this.#tail;
    this.#offsets = new Float64Array(0);
    this.#done = new Uint8Array(0);
  }

  get isRevoked(): boolean {
    return this.#revoked;
  }

  /** The offset to commit: every record below it is done. Undefined at first, and once revoked. */
  get watermark(): number | undefined {
    return this.#revoked ? undefined : this.#watermark;
  }

  /** The next offset expected; undefined before the first record. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Records received and not done. */
  get inFlight(): number {
    return this.#undone;
  }

  /** Records held: from the oldest one not done to the newest one received. */
  get held(): number {
    return this.#tail - this.#head;
  }

  #advance(): void {
    const mask = this.#offsets.length - 1;
    let last = 0;
    while (this.#head < this.#tail && this.#done[this.#head & mask] === 1) {
      last = this.#offsets[this.#head & mask] ?? 0;
      this.#head++;
    }
    if (this.#head < this.#tail) {
      this.#watermark = last + 1;
      return;
    }
    this.#watermark = this.#position;
    if (this.#offsets.length > shrinkAbove) this.#resize(initialCapacity);
  }

  #grow(): void {
    this.#resize(this.#offsets.length * 2);
  }

  #resize(capacity: number): void {
    const offsets = new Float64Array(capacity);
    const done = new Uint8Array(capacity);
    const mask = this.#offsets.length - 1;
    for (let entry = this.#head; entry < this.#tail; entry++) {
      offsets[entry & (capacity - 1)] = this.#offsets[entry & mask] ?? 0;
      done[entry & (capacity - 1)] = this.#done[entry & mask] ?? 0;
    }
    this.#offsets = offsets;
    this.#done = done;
  }
}

// Powers of two, so that the low bits of an entry are its slot.
const initialCapacity = 256;
const shrinkAbove = 65_536;
