import { type Entities, encodeText, maxBytesPerUnit } from './encodeText.ts';

/** A growing sequence of bytes into which templates print. */
export interface ByteWriter {
  /** The number of bytes printed so far. */
  readonly length: number;
  writeBytes(bytes: Uint8Array): void;
  /** Writes the bytes, and then the text as UTF-8. `entities` replace some characters of the text. */
  write(before: Uint8Array, text: string, entities: Entities): void;
  /** Forgets everything from `length` on. */
  truncate(length: number): void;
  /** All printed bytes, valid until something else is printed. */
  view(): Buffer;
  /** The printed bytes from `start` on, valid as long as `view`. */
  from(start: number): Buffer;
  /** Removes what was printed from `start` on, and returns it as a string. */
  cutText(start: number): string;
  /** Returns the printed bytes, which begin at the start of their memory, and continues in new memory. */
  take(): Buffer<ArrayBuffer>;
}

/**
 * Prints directly into bytes, not into a string first: as a string, HTML with Korean in it takes two bytes
 * per character, and converting 10 KB of that to UTF-8 costs more than printing the bill.
 * @param spare memory that nobody reads any more; used if it has room for `initialBytes`
 */
export function createByteWriter(initialBytes: number, spare?: ArrayBuffer): ByteWriter {
  return new GrowingBytes(
    spare !== undefined && spare.byteLength >= initialBytes ? Buffer.from(spare) : allocate(initialBytes),
  );
}

class GrowingBytes implements ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(bytes: Buffer<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#length;
  }

  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#length = copy(bytes, this.#bytes, this.#length);
  }

  write(before: Uint8Array, text: string, entities: Entities): void {
    this.#reserve(before.length + text.length * maxBytesPerUnit);
    const at = copy(before, this.#bytes, this.#length);
    this.#length = encodeText(text, this.#bytes, at, entities);
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  cutText(start: number): string {
    const text = this.#bytes.toString('utf8', start, this.#length);
    this.#length = start;
    return text;
  }

  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  from(start: number): Buffer {
    return this.#bytes.subarray(start, this.#length);
  }

  take(): Buffer<ArrayBuffer> {
    const printed = this.#bytes.subarray(0, this.#length);
    this.#bytes = allocate(0);
    this.#length = 0;
    return printed;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = allocate(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

// New memory, not cleared, and not part of Buffer's shared memory: it is moved to another thread as a whole.
function allocate(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes);
}

/** Copies a few bytes in a loop, which is faster than a call into the runtime. */
function copy(bytes: Uint8Array, to: Uint8Array, at: number): number {
  const { length } = bytes;
  if (length > fewBytes) to.set(bytes, at);
  else for (let index = 0; index < length; index++) to[at + index] = bytes[index] ?? 0;
  return at + length;
}

const fewBytes = 24;
