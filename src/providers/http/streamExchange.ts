import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { type Answer, firstOf, type HttpOutcome, type HttpRequest, largestBody } from './exchange.ts';

/** The connection of a stream. */
export interface StreamOwner {
  /** The stream is closed: there is room for another. */
  streamClosed(): void;
  /** The stream got no answer in time. */
  streamTimedOut(): void;
  /** Whether the server has said, by GOAWAY, that it did not process this stream. */
  isUnprocessed(streamId: number): boolean;
}

/**
 * One request on its own stream of an HTTP/2 connection. A time-out cancels the stream and nothing else.
 *
 * Two faults say that the server did not process the request (RFC 9113, 8.7): REFUSED_STREAM, and a GOAWAY
 * that names a lower stream. Every other fault leaves that open.
 */
export class StreamExchange {
  readonly #owner: StreamOwner;
  readonly #stream: ClientHttp2Stream;
  readonly #request: HttpRequest;
  readonly #resolve: (outcome: HttpOutcome) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #answer: Answer | undefined;
  #error: Error | undefined;

  constructor(owner: StreamOwner, stream: ClientHttp2Stream, waiter: StreamWaiter) {
    const { request, resolve } = waiter;
    this.#owner = owner;
    this.#stream = stream;
    this.#request = request;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.#giveUp(), request.timeLimitMs);
    stream.on('response', (headers) => this.#responded(headers));
    stream.on('data', (chunk: Buffer) => this.#received(chunk));
    stream.on('end', () => this.#stopWriting());
    stream.on('error', (error: Error) => {
      this.#error = error;
    });
    stream.once('close', () => this.#closed());
    stream.end(request.body);
  }

  #responded(headers: IncomingHttpHeaders): void {
    const { ':status': status = 0, 'retry-after': retryAfter, date = '' } = headers;
    const answer = { status: Number(status), retryAfter: firstOf(retryAfter), date };
    this.#answer = this.#request.keepsHeaders === true ? { ...answer, headers: { ...headers } } : answer;
  }

  #received(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isTooLarge) this.#stream.close(constants.NGHTTP2_CANCEL);
    else this.#chunks.push(chunk);
  }

  /** Stops sending the request: its answer is there already. */
  #stopWriting(): void {
    if (!this.#stream.writableFinished) this.#stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #giveUp(): void {
    this.#resolve(
      this.#answer === undefined
        ? { kind: 'broken', because: 'TIME_OUT' }
        : { kind: 'answered', ...this.#answer, body: '' },
    );
    this.#stream.close(constants.NGHTTP2_CANCEL);
    this.#owner.streamTimedOut();
  }

  #closed(): void {
    clearTimeout(this.#timer);
    this.#owner.streamClosed();
    // Waits a moment, because Node reports a GOAWAY only after it has closed the streams.
    if (this.#answer === undefined) setImmediate(() => this.#resolve(this.#broken()));
    else this.#resolve({ kind: 'answered', ...this.#answer, body: this.#wholeBody() });
  }

  #wholeBody(): string {
    const isWhole = this.#stream.rstCode === constants.NGHTTP2_NO_ERROR && !this.#isTooLarge;
    return isWhole ? Buffer.concat(this.#chunks).toString() : '';
  }

  get #isTooLarge(): boolean {
    return this.#bytes > (this.#request.largestAnswer ?? largestBody);
  }

  #broken(): HttpOutcome {
    const { id, rstCode } = this.#stream;
    const kept = this.#error === undefined ? {} : { error: this.#error };
    if (rstCode === constants.NGHTTP2_REFUSED_STREAM || id === undefined || this.#owner.isUnprocessed(id)) {
      return { kind: 'notStarted', because: 'REFUSED', ...kept };
    }
    return { kind: 'broken', because: 'CONNECTION', ...kept };
  }
}

/** A request, and who waits for its outcome. */
export interface StreamWaiter {
  readonly request: HttpRequest;
  readonly resolve: (outcome: HttpOutcome) => void;
}
