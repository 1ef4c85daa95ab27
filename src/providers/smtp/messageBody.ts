import type { Writable } from 'node:stream';

/** A bill leaves in one write; of a larger message little is written ahead. */
const sliceBytes = 32_768;
const finalDot = Buffer.from('.\r\n');

/**
 * A message on its way to the server, which has asked for it. The final dot is written behind its last byte:
 * until then the server cannot have taken the message (RFC 5321, 4.1.1.4).
 *
 * A composed message has no dot that must be escaped. One that has is copied.
 */
export class MessageBody {
  readonly #message: Uint8Array;
  readonly #socket: Writable;
  #bytes: Buffer;
  #next = 0;
  #mayBeTaken = false;
  #isStopped = false;

  constructor(message: Uint8Array, socket: Writable) {
    this.#message = message;
    this.#socket = socket;
    this.#bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  }

  /** Whether the final dot may have left. */
  get mayBeTaken(): boolean {
    return this.#mayBeTaken;
  }

  /** Writes all of it, as fast as the server takes it. */
  begin(): void {
    if (!isFreeOfDots(this.#bytes)) this.#bytes = escaped(this.#bytes);
    this.#writeOn();
  }

  /** Nothing more of it is written. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Frees its memory when the server has replied to the whole message. Otherwise the garbage collector would
   * have to do it, whose work grows with such memory.
   */
  free(): void {
    const { buffer, length } = this.#message;
    const isWritten = this.#mayBeTaken && this.#socket.writableLength === 0;
    if (isWritten && buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
  }

  #writeOn(): void {
    const socket = this.#socket;
    for (let goesOn = !this.#isStopped; goesOn; ) {
      const end = this.#next + sliceBytes;
      const slice = this.#bytes.subarray(this.#next, end);
      this.#next = end;
      if (end >= this.#bytes.length) {
        this.#mayBeTaken = true;
        socket.cork();
        socket.write(slice);
        socket.write(finalDot);
        socket.uncork();
        return;
      }
      goesOn = socket.write(slice);
    }
    if (!this.#isStopped) socket.once('drain', () => this.#writeOn());
  }
}

const lineBreak = '\r\n';
const dot = 0x2e;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Whether no line begins with a dot, and the last one is whole: then nothing is to be escaped. */
function isFreeOfDots(message: Buffer): boolean {
  const { length } = message;
  if (length < lineBreak.length || message[0] === dot) return false;
  if (message[length - 2] !== carriageReturn || message[length - 1] !== lineFeed) return false;
  // There are few: Base64 has none. So this takes a quarter of a search for a line break and a dot.
  for (let place = message.indexOf(dot); place !== -1; place = message.indexOf(dot, place + 1)) {
    const before = message[place - 1];
    if (before === carriageReturn || before === lineFeed) return false;
  }
  return true;
}

/** With a dot before each one that a line begins with, and CRLF for every line break (RFC 5321, 4.5.2). */
function escaped(message: Buffer): Buffer {
  const lines = message.toString('latin1').split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return Buffer.from(
    lines.map((line) => `${line.startsWith('.') ? '.' : ''}${line}${lineBreak}`).join(''),
    'latin1',
  );
}
