import type { Dispatcher } from 'undici';

/** One request and how long it may take. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /**
   * Whether the body is memory of its own that nobody needs afterwards: then it is freed as soon as it has
   * left. Thousands of requests wait for their answers at a time.
   */
  readonly freesBody?: boolean;
  /** Asked when a connection is there and nothing is written yet: false, and nothing ever will be. */
  readonly mayStart: () => boolean;
  /** From the first byte of the request to the last one of its answer. */
  readonly timeLimitMs: number;
  /** Whether the answer's headers are kept. */
  readonly keepsHeaders?: boolean;
  /** A longer answer counts as incomplete. Default 64 KiB. */
  readonly largestAnswer?: number | undefined;
}

/** How a request ended; it never throws. */
export type HttpOutcome =
  /** A final status came; `body` is empty if it was not complete, headers if they were not there. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string;
      readonly date: string;
      /** By their names in lower case; absent if the request does not keep them. */
      readonly headers?: AnswerHeaders;
      readonly body: string;
    }
  /** No byte of it was written; or the server says, by HTTP/2, that it did nothing with it. */
  | {
      readonly kind: 'notStarted';
      readonly because: 'TOO_LATE' | 'NO_CONNECTION' | 'REFUSED';
      readonly error?: Error;
    }
  /** It was written, perhaps in part, and no status came. */
  | { readonly kind: 'broken'; readonly because: 'TIME_OUT' | 'CONNECTION'; readonly error?: Error };

/** Who lent the connection. */
export interface ExchangeOwner {
  /** Whether the kernel has all that was written. */
  hasWrittenAll(): boolean;
  /** Before the outcome is told. @param isSound whether a whole answer came */
  ended(isSound: boolean): void;
}

export type Answered = Extract<HttpOutcome, { kind: 'answered' }>;
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Makes one request, once. Nothing is ever repeated here. */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  owner?: ExchangeOwner,
): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const { method, path, headers, body = null } = request;
    dispatcher.dispatch({ method, path, headers, body }, new Exchange(request, resolve, owner));
  });
}

export const largestBody = 64 * 1024;

class TooLate extends Error {}
class TimeOut extends Error {}
class BodyTooLarge extends Error {}

/** An answer whose body is still to come. */
export type Answer = Pick<Answered, 'status' | 'retryAfter' | 'date' | 'headers'>;

/** States, in this order: queued, started (bytes may have left), answered (a final status is in), over. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #resolve: (outcome: HttpOutcome) => void;
  readonly #owner: ExchangeOwner | undefined;
  #started = false;
  #timer: NodeJS.Timeout | undefined;
  #answer: Answer | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(request: HttpRequest, resolve: (outcome: HttpOutcome) => void, owner?: ExchangeOwner) {
    this.#request = request;
    this.#resolve = resolve;
    this.#owner = owner;
  }

  /** The connection is there, and the write comes next. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (!this.#request.mayStart()) {
      controller.abort(new TooLate());
      return;
    }
    this.#started = true;
    this.#timer = setTimeout(giveUp, this.#request.timeLimitMs, controller);
  }

  /** The write has begun. On an ordinary connection it has ended too, with TLS it takes a moment. */
  onRequestSent(): void {
    if (this.#request.freesBody !== true || this.#owner === undefined) return;
    if (this.#owner.hasWrittenAll()) this.freeBody();
    else setImmediate(freeIfWritten, this, this.#owner);
  }

  freeBody(): void {
    const { body } = this.#request;
    if (!(body?.buffer instanceof ArrayBuffer)) return;
    if (body.length === body.buffer.byteLength) body.buffer.transfer(0);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return;
    const answer = { status, retryAfter: firstOf(headers['retry-after']), date: firstOf(headers.date) };
    this.#answer = this.#request.keepsHeaders === true ? { ...answer, headers } : answer;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > (this.#request.largestAnswer ?? largestBody)) controller.abort(new BodyTooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#end(error);
  }

  #end(error: Error | undefined): void {
    clearTimeout(this.#timer);
    this.#owner?.ended(error === undefined);
    this.#resolve(this.#outcome(error));
  }

  /** A status is an answer, even if its body is lost: the protocol says what it is worth then. */
  #outcome(error: Error | undefined): HttpOutcome {
    if (this.#answer) {
      const body = error === undefined ? Buffer.concat(this.#chunks).toString() : '';
      return { kind: 'answered', ...this.#answer, body };
    }
    const kept = error === undefined ? {} : { error };
    if (this.#started && !isNoHandshake(error)) {
      return { kind: 'broken', because: error instanceof TimeOut ? 'TIME_OUT' : 'CONNECTION', ...kept };
    }
    return { kind: 'notStarted', because: error instanceof TooLate ? 'TOO_LATE' : 'NO_CONNECTION', ...kept };
  }
}

function freeIfWritten(request: Exchange, owner: ExchangeOwner): void {
  if (owner.hasWrittenAll()) request.freeBody();
}

function giveUp(controller: Dispatcher.DispatchController): void {
  controller.abort(new TimeOut());
}

/**
 * In TLS 1.3 a gateway that wants another certificate of ours says so only after we have begun to write. It
 * has read nothing of it: nothing is decrypted before the handshake is over.
 */
function isNoHandshake(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && refusedHandshake.test(String(error.code));
}

const refusedHandshake =
  /^ERR_SSL_\S*_ALERT_(?:HANDSHAKE_FAILURE|UNKNOWN_CA|(?:BAD_|UNSUPPORTED_)?CERTIFICATE(?:_\w+)?)$/;

export function firstOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
