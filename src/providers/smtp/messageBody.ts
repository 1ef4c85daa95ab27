import { Readable, Transform, type Writable } from 'node:stream';

/** A bill goes in one piece; of a larger message little is read ahead. */
const sliceBytes = 32_768;

/**
 * A message as nodemailer reads it. It is read only after the server's 354, and the final dot is written when
 * it has ended: until then the server cannot have taken the message (RFC 5321, 4.1.1.4).
 *
 * nodemailer looks at each byte for dots that it must escape. That takes longer than all the rest of a send,
 * and our messages have no such dot. So its stream gets the message behind that look, and adds the final dot.
 */
export class MessageBody extends Readable {
  readonly #message: Uint8Array;
  readonly #mayBegin: () => boolean;
  readonly #socket: Writable | undefined;
  #next = 0;
  #hasEnded = false;

  /** @param mayBegin asked before the first byte: false, and nothing of it is sent */
  constructor(message: Uint8Array, { mayBegin, socket }: MessageBodyOptions) {
    super({ highWaterMark: sliceBytes });
    this.#message = message;
    this.#mayBegin = mayBegin;
    this.#socket = socket;
  }

  /** Whether the final dot may have left. */
  get mayBeTaken(): boolean {
    return this.#hasEnded;
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    if (!(destination instanceof Transform) || !isFreeOfDots(this.#message)) return super.pipe(destination);
    // Without its last line break: a stream that has seen no byte ends with one before the dot.
    const length = this.#message.length - lineBreak.length;
    destination._read = () => {
      const slice = this.#slice(length);
      if (slice === null) destination.end();
      else if (slice !== undefined) {
        if (slice.length === length) this.#gather(destination, length);
        destination.push(slice);
      }
    };
    return destination;
  }

  /**
   * Frees its memory, which nobody else may use, when the server has replied to all of it. Otherwise it would
   * wait for the collector of garbage, whose work grows with such memory.
   */
  free(): void {
    const { buffer, length } = this.#message;
    const isWritten = this.#hasEnded && this.#socket?.writableLength === 0;
    if (isWritten && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
  }

  /** The message and its dot leave in one write, if the socket has room for all of it. */
  #gather(destination: Transform, length: number): void {
    const socket = this.#socket;
    if (
      socket === undefined ||
      socket.writableLength + length + finalDotBytes >= socket.writableHighWaterMark
    ) {
      return;
    }
    socket.cork();
    destination.once('end', () => socket.uncork());
  }

  override _read(): void {
    const slice = this.#slice(this.#message.length);
    if (slice !== undefined) this.push(slice);
  }

  /** The next one, null after the last; undefined if nothing may be sent. */
  #slice(length: number): Buffer | null | undefined {
    if (this.#next === 0 && !this.#mayBegin()) {
      this.destroy(new Error('the server did not ask for the message'));
      return undefined;
    }
    if (this.#next >= length) {
      this.#hasEnded = true;
      return null;
    }
    const { buffer, byteOffset } = this.#message;
    const end = Math.min(this.#next + sliceBytes, length);
    const slice = Buffer.from(buffer, byteOffset + this.#next, end - this.#next);
    this.#next = end;
    return slice;
  }
}

export interface MessageBodyOptions {
  readonly mayBegin: () => boolean;
  /** Where the message goes. */
  readonly socket?: Writable | undefined;
}

const finalDotBytes = 5;
const lineBreak = '\r\n';
const dot = 0x2e;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Whether no line begins with a dot, and the last one is whole: then nothing is to be escaped. */
function isFreeOfDots({ buffer, byteOffset, length }: Uint8Array): boolean {
  const message = Buffer.from(buffer, byteOffset, length);
  const isWhole =
    length > lineBreak.length && message.toString('latin1', length - lineBreak.length) === lineBreak;
  if (!isWhole || message[0] === dot) return false;
  // There are few: Base64 has none. So this takes a quarter of a search for a line break and a dot.
  for (let place = message.indexOf(dot); place !== -1; place = message.indexOf(dot, place + 1)) {
    const before = message[place - 1];
    if (before === carriageReturn || before === lineFeed) return false;
  }
  return true;
}
