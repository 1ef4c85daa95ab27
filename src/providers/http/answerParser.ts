import { type Answered, type AnswerHeaders, type HttpRequest, largestBody } from './exchange.ts';
import { type ResponseListener, ResponseParser, stop } from './llhttp.ts';

/**
 * Reads the answers on one HTTP/1.1 connection, one at a time. Bytes that are not HTTP, or that nobody
 * expects, are a fault.
 *
 * States: whole (at first, and after each answer), or in the middle of an answer. After a fault it reads
 * nothing more.
 */
export class AnswerParser implements ResponseListener {
  readonly #parser = new ResponseParser(this);
  /** The headers: names and values in turn. */
  #head: string[] = [];
  #headLength = 0;
  #name = '';
  #value: string | undefined;
  #body: Buffer[] = [];
  #bodyBytes = 0;
  #largestBody = 0;
  #status = 0;
  #isWhole = true;
  #keepsAlive = false;

  /** 0 until a final status has come. */
  get status(): number {
    return this.#status;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** How long we may leave the connection idle after this answer, so that we close it before the server. */
  get mayIdleMs(): number {
    if (!this.#keepsAlive) return 0;
    const [, seconds] = /timeout=(\d+)/.exec(this.#first('keep-alive')) ?? [];
    return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000 - hintMarginMs;
  }

  /** Prepares for the next answer. @param largest the most bytes of its body; more are a fault */
  expect(largest = largestBody): void {
    this.#head = [];
    this.#headLength = 0;
    this.#name = '';
    this.#value = undefined;
    this.#largestBody = largest;
    this.#body = [];
    this.#bodyBytes = 0;
    this.#status = 0;
    this.#isWhole = false;
  }

  /** @returns what is wrong with these bytes */
  read(chunk: Uint8Array): Error | undefined {
    const fault = this.#parser.execute(chunk);
    return fault === undefined ? undefined : new Error(`not as in HTTP/1.1: ${fault}`);
  }

  /**
   * Called when the server has closed the connection. @returns whether that completes an answer without a
   * length
   */
  finish(): boolean {
    return this.#parser.finish() && this.#isWhole;
  }

  /** What has come of the answer. The body is empty if it is not whole. */
  answer({ keepsHeaders }: HttpRequest): Answered {
    const answer = {
      kind: 'answered',
      status: this.#status,
      retryAfter: this.#first('retry-after'),
      date: this.#first('date'),
      body: this.#isWhole ? textOf(this.#body) : '',
    } as const;
    return keepsHeaders === true ? { ...answer, headers: headersOf(this.#head) } : answer;
  }

  free(): void {
    this.#parser.free();
  }

  onBegin(): number {
    return this.#isWhole ? stop : 0;
  }

  onName(piece: string): number {
    this.#keep();
    this.#name += piece;
    return this.#withinLimit(piece);
  }

  onValue(piece: string): number {
    this.#value = this.#value === undefined ? piece : this.#value + piece;
    return this.#withinLimit(piece);
  }

  onHead(status: number, keepsAlive: boolean): number {
    this.#keep();
    if (status === switchingProtocols) return stop;
    if (status < 200) {
      this.#head = [];
    } else {
      this.#status = status;
      this.#keepsAlive = keepsAlive;
    }
    return 0;
  }

  onBody(bytes: Buffer): number {
    this.#bodyBytes += bytes.length;
    this.#body.push(bytes);
    return this.#bodyBytes > this.#largestBody ? stop : 0;
  }

  onComplete(): number {
    this.#isWhole = this.#status !== 0;
    return 0;
  }

  /** Keeps a header once its value is complete. Trailers, behind the body, are dropped. */
  #keep(): void {
    if (this.#value === undefined) return;
    if (this.#status === 0) this.#head.push(this.#name.toLowerCase(), this.#value);
    this.#name = '';
    this.#value = undefined;
  }

  #withinLimit({ length }: string): number {
    this.#headLength += length;
    return this.#headLength > longestHead ? stop : 0;
  }

  #first(name: string): string {
    for (let at = 0; at < this.#head.length; at += 2) {
      if (this.#head[at] === name) return this.#head[at + 1] ?? '';
    }
    return '';
  }
}

const switchingProtocols = 101;
const longestHead = 64 * 1024;
/** We close an idle connection this much earlier than the server says that it will. */
const hintMarginMs = 1_000;

function textOf(chunks: readonly Buffer[]): string {
  const [first, ...rest] = chunks;
  return rest.length === 0 ? (first?.toString() ?? '') : Buffer.concat(chunks).toString();
}

function headersOf(head: readonly string[]): AnswerHeaders {
  const headers = new Map<string, string | string[]>();
  for (let at = 0; at < head.length; at += 2) {
    const [name = '', value = ''] = head.slice(at, at + 2);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}
