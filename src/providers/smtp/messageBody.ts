import { Readable } from 'node:stream';

const sliceBytes = 16_384;

/**
 * A message as nodemailer reads it. It is read only after the server's 354, and the final dot is written when
 * it has ended: until then the server cannot have taken the message (RFC 5321, 4.1.1.4).
 */
export class MessageBody extends Readable {
  readonly #message: Uint8Array;
  readonly #mayBegin: () => boolean;
  #next = 0;
  #hasEnded = false;

  /** @param mayBegin asked before the first byte: false, and nothing of it is sent */
  constructor(message: Uint8Array, mayBegin: () => boolean) {
    super({ highWaterMark: sliceBytes });
    this.#message = message;
    this.#mayBegin = mayBegin;
  }

  /** Whether the final dot may have left. */
  get mayBeTaken(): boolean {
    return this.#hasEnded;
  }

  override _read(): void {
    const { buffer, byteOffset, length } = this.#message;
    if (this.#next === 0 && !this.#mayBegin()) {
      this.destroy(new Error('the server did not ask for the message'));
    } else if (this.#next < length) {
      const end = Math.min(this.#next + sliceBytes, length);
      const slice = Buffer.from(buffer, byteOffset + this.#next, end - this.#next);
      this.#next = end;
      this.push(slice);
    } else {
      this.#hasEnded = true;
      this.push(null);
    }
  }
}
