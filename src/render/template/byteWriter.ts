import { type Entities, encodeText, maxBytesPerUnit } from './encodeText.ts';

/** A growing run of bytes that templates print into. */
export interface ByteWriter {
  /** The bytes printed so far. */
  readonly length: number;
  writeBytes(bytes: Uint8Array): void;
  /** Writes the bytes, and then the text as UTF-8, with `entities` in place of what they replace. */
  write(before: Uint8Array, text: string, entities: Entities): void;
  /** Forgets everything from `length` on. */
  truncate(length: number): void;
  /** What was printed, valid until something else is printed. */
  view(): Buffer;
  /** What was printed from there on, valid as `view`. */
  from(start: number): Buffer;
  /** Takes what was printed from `start` on out again, as a string. */
  cutText(start: number): string;
  /** Hands over what was printed, at the beginning of its memory, and begins again in another. */
  take(): Buffer<ArrayBuffer>;
}

/**
 * Straight into bytes, never through one string: HTML with Korean in it takes two bytes per character as a
 * string, and turning 10 KB of that into UTF-8 costs more than printing the bill.
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

// Not cleared, and not from Buffer's shared memory: it is handed to another thread as a whole.
function allocate(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes);
}

/** Copies a few bytes by hand, which is faster than a call into the runtime. */
function copy(bytes: Uint8Array, to: Uint8Array, at: number): number {
  const { length } = bytes;
  if (length > fewBytes) to.set(bytes, at);
  else for (let index = 0; index < length; index++) to[at + index] = bytes[index] ?? 0;
  return at + length;
}

const fewBytes = 24;
