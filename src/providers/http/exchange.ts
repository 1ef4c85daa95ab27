/** One request and how long it may take. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** The path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /**
   * Whether the body has memory of its own that nobody needs afterwards. Then it is freed as soon as it has
   * left, because thousands of requests wait for their answers at a time.
   */
  readonly freesBody?: boolean;
  /** Asked when there is a connection and nothing is written yet. If false, nothing is ever written. */
  readonly mayStart: () => boolean;
  /**
   * If the connection is ready later than this, by the monotonic clock, nothing is written, and the
   * connection is kept for others. Not used on connections that cannot be kept. Default: no limit.
   */
  readonly turnEndsMs?: number | undefined;
  /** The limit from the first byte of the request to the last byte of its answer. */
  readonly timeLimitMs: number;
  /** Whether the answer's headers are kept. */
  readonly keepsHeaders?: boolean;
  /** A longer answer counts as incomplete. Default 64 KiB. */
  readonly largestAnswer?: number | undefined;
}

/** How a request ended; it never throws. */
export type HttpOutcome =
  /**
   * A final status came. `body` is empty if it did not come whole; headers are left out if they were not
   * kept.
   */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string;
      readonly date: string;
      /** By names in lower case; absent if the request does not keep them. */
      readonly headers?: AnswerHeaders;
      readonly body: string;
    }
  /** No byte of the request was written, or the server says by HTTP/2 that it did not process it. */
  | {
      readonly kind: 'notStarted';
      readonly because: 'TOO_LATE' | 'TURN_MISSED' | 'NO_CONNECTION' | 'REFUSED';
      readonly error?: Error;
    }
  /** The request was written, perhaps in part, and no status came. */
  | { readonly kind: 'broken'; readonly because: 'TIME_OUT' | 'CONNECTION'; readonly error?: Error };

export type Answered = Extract<HttpOutcome, { kind: 'answered' }>;
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** An answer whose body is still to come. */
export type Answer = Pick<Answered, 'status' | 'retryAfter' | 'date' | 'headers'>;

/** The largest body of an answer if the request does not set one. */
export const largestBody = 64 * 1024;

/** No whole answer came within the request's time limit. */
export class TimeOut extends Error {}

/**
 * The outcome of a request that is over and has no status.
 * @param isStarted whether a byte of it may have left
 */
export function unansweredOf(isStarted: boolean, error?: Error): HttpOutcome {
  const kept = error === undefined ? {} : { error };
  return isStarted && !isNoHandshake(error)
    ? { kind: 'broken', because: error instanceof TimeOut ? 'TIME_OUT' : 'CONNECTION', ...kept }
    : { kind: 'notStarted', because: 'NO_CONNECTION', ...kept };
}

/**
 * In TLS 1.3, a gateway that rejects our certificate says so only after we have begun to write. It has read
 * nothing of the request: nothing is decrypted before the handshake is over.
 */
function isNoHandshake(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && refusedHandshake.test(String(error.code));
}

const refusedHandshake =
  /^ERR_SSL_\S*_ALERT_(?:HANDSHAKE_FAILURE|UNKNOWN_CA|(?:BAD_|UNSUPPORTED_)?CERTIFICATE(?:_\w+)?)$/;

export function firstOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
