import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { type buildConnector, errors } from 'undici';
import type { HttpRequest } from './exchange.ts';
import { StreamExchange, type StreamOwner, type StreamWaiter } from './streamExchange.ts';

export interface StreamSessionOptions {
  readonly origin: URL;
  readonly connect: buildConnector.connector;
  /** The limit for the server's settings, after connecting, and for its answer to a PING. */
  readonly connectTimeoutMs: number;
  /** How long a session may be without a stream before it is closed. */
  readonly keepAliveMs: number;
}

/** Hears of the changes of a session. */
export interface SessionListener {
  /** The session may have more room than before. */
  onRoom(session: StreamSession): void;
  /** The session takes no more streams. @param error set if it never took one */
  onEnd(session: StreamSession, error?: Error): void;
}

/**
 * One HTTP/2 connection. It takes streams once the server has said how many.
 *
 * States: connecting, ready, suspect (a stream timed out, and a PING asks whether anybody is still there: no
 * new streams), ending (GOAWAY, closed, broken: never again).
 */
export class StreamSession implements StreamOwner {
  readonly #options: StreamSessionOptions;
  readonly #listener: SessionListener;
  #state: 'connecting' | 'ready' | 'suspect' | 'ending' = 'connecting';
  #socket: Socket | undefined;
  #session: ClientHttp2Session | undefined;
  #open = 0;
  #most = 0;
  #lastProcessed = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamSessionOptions, listener: SessionListener) {
    this.#options = options;
    this.#listener = listener;
    const { protocol, host, hostname, port } = options.origin;
    options.connect(
      { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port },
      (error, socket) => {
        if (error === null) this.#connected(socket);
        else this.#end(error);
      },
    );
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting';
  }

  get hasRoom(): boolean {
    return this.#state === 'ready' && this.#open < this.#most;
  }

  /** The most streams at a time that the server's settings allow. */
  get most(): number {
    return this.#most;
  }
  /** Starts a request. Call it only while there is room. */
  run(waiter: StreamWaiter): void {
    const { request } = waiter;
    const session = this.#session;
    if (session === undefined) throw new RangeError('a session without room was asked for a stream');
    clearTimeout(this.#timer);
    const stream = session.request(this.#headersOf(request), { endStream: request.body === undefined });
    this.#open++;
    new StreamExchange(this, stream, waiter);
  }

  /** Breaks off all requests. The kernel drops what was not sent yet. */
  destroy(): void {
    this.#socket?.destroy(new errors.ClientDestroyedError());
    this.#end(new errors.ClientDestroyedError());
  }

  streamClosed(): void {
    this.#open--;
    if (this.#open === 0) this.#startIdleTimer();
    if (this.hasRoom) this.#listener.onRoom(this);
  }

  /**
   * The other streams go on, since they may be fine. No new ones begin until the server has answered the
   * PING.
   */
  streamTimedOut(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'suspect';
    const timer = setTimeout(() => this.destroy(), this.#options.connectTimeoutMs);
    this.#session?.ping((error) => {
      clearTimeout(timer);
      if (error !== null || this.#state !== 'suspect') return;
      this.#state = 'ready';
      if (this.hasRoom) this.#listener.onRoom(this);
    });
  }

  isUnprocessed(streamId: number): boolean {
    return streamId > this.#lastProcessed;
  }

  #connected(socket: Socket): void {
    if (this.#state === 'ending') {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    if ('alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
      socket.destroy();
      this.#end(new Error('no HTTP/2 there, set HTTP_VERSION=1.1'));
      return;
    }
    const session = connect(this.#options.origin, { createConnection: () => socket, settings });
    this.#session = session;
    this.#timer = setTimeout(() => this.destroy(), this.#options.connectTimeoutMs);
    session.on('remoteSettings', ({ maxConcurrentStreams = mostStreams }) =>
      this.#ready(Math.min(maxConcurrentStreams, mostStreams)),
    );
    session.on('goaway', (_code, lastStreamId) => {
      this.#lastProcessed = lastStreamId;
      this.#end();
    });
    session.on('error', (error: Error) => this.#end(error));
    session.once('close', () => this.#end(new Error('the other side closed the connection')));
  }

  #ready(most: number): void {
    this.#most = most;
    if (this.#state === 'connecting') {
      this.#state = 'ready';
      this.#startIdleTimer();
    }
    if (this.hasRoom) this.#listener.onRoom(this);
  }

  #startIdleTimer(): void {
    clearTimeout(this.#timer);
    if (this.#state === 'ending') return;
    this.#timer = setTimeout(() => {
      this.#end();
      this.#session?.close();
    }, this.#options.keepAliveMs);
  }

  #end(error?: Error): void {
    if (this.#state === 'ending') return;
    clearTimeout(this.#timer);
    this.#state = 'ending';
    this.#listener.onEnd(this, error);
  }

  #headersOf({ method, path, headers, body }: HttpRequest): OutgoingHttpHeaders {
    const { protocol, host } = this.#options.origin;
    const length = body === undefined ? {} : { 'content-length': body.length };
    return {
      ':method': method,
      ':path': path,
      ':scheme': protocol.slice(0, -1),
      ':authority': host,
      ...headers,
      ...length,
    };
  }
}

const settings = { enablePush: false, initialWindowSize: 262_144 };
/**
 * The most streams, however many the server allows. A server without a limit allows four billion, and may
 * reset streams when its memory for a connection is full, as Node's does: then nobody knows what became of
 * them.
 */
const mostStreams = 250;
