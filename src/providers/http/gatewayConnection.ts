import type { Socket } from 'node:net';
import { type buildConnector, errors } from 'undici';
import { isTurnOver } from '../startDeadline.ts';
import { AnswerParser } from './answerParser.ts';
import { type HttpOutcome, type HttpRequest, TimeOut, unansweredOf } from './exchange.ts';
import { requestHead } from './requestHead.ts';

/** A request, and who waits for its outcome. */
export interface Waiter {
  readonly request: HttpRequest;
  readonly resolve: (outcome: HttpOutcome) => void;
}

export interface GatewayConnectionOptions {
  readonly origin: URL;
  readonly connect: buildConnector.connector;
  /** How long the connection may be idle; 0: one request per connection. */
  readonly keepAliveMs: number;
}

/** Called before the outcome of the request is given. */
export interface ConnectionListener {
  /** Whether another request can use a connection, as far as is known. */
  readonly keepsConnections: boolean;
  /** A connection without a first request is open, or could not be opened. */
  onOpened(): void;
  /** A request was answered, and its connection takes another one or not. */
  onAnswered(isKept: boolean): void;
  /** The connection takes another request. */
  onIdle(connection: GatewayConnection): void;
  /** The connection takes no more requests. */
  onOver(connection: GatewayConnection): void;
}

/**
 * One HTTP/1.1 connection, with one request at a time. Nothing is ever repeated here.
 *
 * States: connecting, mostly for its first request; busy; idle; over (closed, broken or given up). Once it is
 * busy, bytes of its request may have left.
 */
export class GatewayConnection {
  readonly #options: GatewayConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #parser = new AnswerParser();
  readonly #closed = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #waiter: Waiter | undefined;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #timeLimitMs = 0;
  #idleUntilMs = 0;

  constructor(options: GatewayConnectionOptions, listener: ConnectionListener, first?: Waiter) {
    this.#options = options;
    this.#listener = listener;
    this.#waiter = first;
    const { protocol, host, hostname, port } = options.origin;
    const unbracketed = hostname.replace(/^\[(.*)\]$/, '$1');
    options.connect({ protocol, host, hostname: unbracketed, port }, (error, socket) => {
      if (first === undefined) listener.onOpened();
      if (error === null) this.#connected(socket, first);
      else this.#over(error);
    });
  }

  /** When its idle time ends, by the monotonic clock. */
  get idleUntilMs(): number {
    return this.#idleUntilMs;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Starts a request. Call it only while the connection is idle. */
  run(waiter: Waiter): void {
    const { request } = waiter;
    const socket = this.#socket;
    this.#waiter = waiter;
    if (socket === undefined || !request.mayStart()) {
      this.#rest(waiter, { kind: 'notStarted', because: 'TOO_LATE' });
      return;
    }
    const { origin, keepAliveMs } = this.#options;
    if (this.#listener.keepsConnections && isTurnOver(request.turnEndsMs)) {
      this.#rest(waiter, { kind: 'notStarted', because: 'TURN_MISSED' });
      return;
    }
    let head: string;
    try {
      head = requestHead(request, { host: origin.host, keepsAlive: keepAliveMs > 0 });
    } catch (error) {
      this.#rest(waiter, unansweredOf(false, error instanceof Error ? error : undefined));
      return;
    }
    this.#parser.expect(request.largestAnswer);
    this.#startTimer(request.timeLimitMs);
    socket.cork();
    socket.write(head, 'latin1');
    if (request.body !== undefined) socket.write(request.body);
    socket.uncork();
    if (request.freesBody === true) freeWhenWritten(socket, request);
  }

  /** Breaks off its request. Resolves when the connection is closed. */
  destroy(): Promise<void> {
    // An idle connection needs no error: to make one, with its stack, costs more than to close the
    // connection.
    this.#over(this.#waiter === undefined ? undefined : new errors.ClientDestroyedError());
    if (this.#socket === undefined) this.#closed.resolve();
    return this.#closed.promise;
  }

  #connected(socket: Socket, first: Waiter | undefined): void {
    socket.on('error', (error: Error) => this.#over(error));
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#idleUntilMs = performance.now() + this.#options.keepAliveMs;
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    socket.on('end', () => this.#ended());
    socket.on('close', () => {
      if (!this.#isOver) this.#over(closedByServer());
      this.#closed.resolve();
    });
    if (first === undefined) this.#listener.onIdle(this);
    else this.run(first);
  }

  #received(chunk: Buffer): void {
    if (this.#isOver) return;
    const fault = this.#parser.read(chunk);
    const waiter = this.#waiter;
    if (waiter !== undefined && this.#parser.isWhole) this.#answered(waiter, fault);
    else if (fault !== undefined) this.#over(fault);
  }

  /** The server sends nothing more: an answer without a length is whole now. */
  #ended(): void {
    if (this.#isOver) return;
    const waiter = this.#waiter;
    if (waiter !== undefined && this.#parser.finish()) this.#answered(waiter, closedByServer());
    else this.#over(closedByServer());
  }

  /** @param fault why the connection takes no other request, if that is known already */
  #answered(waiter: Waiter, fault?: Error): void {
    const outcome = this.#parser.answer(waiter.request);
    const idleMs = fault === undefined ? this.#mayIdleMs() : 0;
    this.#listener.onAnswered(idleMs > 0);
    if (idleMs > 0) {
      this.#idleUntilMs = performance.now() + idleMs;
      this.#rest(waiter, outcome);
    } else {
      this.#waiter = undefined;
      this.#over(fault);
      waiter.resolve(outcome);
    }
  }

  #mayIdleMs(): number {
    // The rest of the request is not written yet: the server would read it as the beginning of the next one.
    if (this.#socket?.writableLength !== 0) return 0;
    return Math.min(this.#options.keepAliveMs, this.#parser.mayIdleMs);
  }

  #rest(waiter: Waiter, outcome: HttpOutcome): void {
    this.#waiter = undefined;
    this.#listener.onIdle(this);
    waiter.resolve(outcome);
  }

  /** One timer serves all requests, which nearly always have the same limit. */
  #startTimer(timeLimitMs: number): void {
    if (this.#timer !== undefined && this.#timeLimitMs === timeLimitMs) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timeLimitMs = timeLimitMs;
    this.#timer = setTimeout(() => {
      if (this.#waiter !== undefined) this.#over(new TimeOut());
    }, timeLimitMs);
  }

  /**
   * Ends the connection. If a request is broken off, the kernel drops what is left to send. A status is an
   * answer even if its body is lost: the protocol says what it then means.
   */
  #over(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#parser.free();
    const waiter = this.#waiter;
    const socket = this.#socket;
    socket?.destroy(waiter === undefined ? undefined : new errors.ClientDestroyedError());
    this.#listener.onOver(this);
    if (waiter === undefined) return;
    const hasStatus = socket !== undefined && this.#parser.status !== 0;
    waiter.resolve(
      hasStatus ? this.#parser.answer(waiter.request) : unansweredOf(socket !== undefined, error),
    );
  }
}

/** Frees the body when it is written: without TLS that is at once, with TLS a moment later. */
function freeWhenWritten(socket: Socket, request: HttpRequest): void {
  if (socket.writableLength === 0) freeBody(request);
  else setImmediate(freeIfWritten, socket, request);
}

function freeIfWritten(socket: Socket, request: HttpRequest): void {
  if (socket.writableLength === 0) freeBody(request);
}

function freeBody({ body }: HttpRequest): void {
  if (!(body?.buffer instanceof ArrayBuffer)) return;
  if (body.length === body.buffer.byteLength) body.buffer.transfer(0);
}

function closedByServer(): Error {
  return new errors.SocketError('other side closed');
}
