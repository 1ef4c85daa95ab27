import { type Entities, encodeText, htmlEntities, maxBytesPerUnit, noEntities } from './encodeText.ts';

/** A growing run of bytes that templates print into. */
export interface ByteWriter {
  /** The bytes printed so far. */
  readonly length: number;
  writeBytes(bytes: Uint8Array): void;
  /** Writes UTF-8. */
  writeText(text: string): void;
  /** Writes UTF-8 with everything escaped that could leave a text or an attribute of HTML. */
  writeEscaped(text: string): void;
  /** Forgets everything from `length` on. */
  truncate(length: number): void;
  /** What was printed, valid until something else is printed. */
  view(): Buffer;
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
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  writeText(text: string): void {
    this.#encode(text, noEntities);
  }

  writeEscaped(text: string): void {
    this.#encode(text, htmlEntities);
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

  take(): Buffer<ArrayBuffer> {
    const printed = this.#bytes.subarray(0, this.#length);
    this.#bytes = allocate(0);
    this.#length = 0;
    return printed;
  }

  #encode(text: string, entities: Entities): void {
    this.#reserve(text.length * maxBytesPerUnit);
    this.#length = encodeText(text, this.#bytes, this.#length, entities);
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
