import { errors } from 'undici';
import { isTurnOver } from '../startDeadline.ts';
import type { HttpOutcome, HttpRequest } from './exchange.ts';
import type { StreamWaiter } from './streamExchange.ts';
import { type SessionListener, StreamSession, type StreamSessionOptions } from './streamSession.ts';

export interface StreamListOptions extends StreamSessionOptions {
  /** The most requests at a time, over all connections. */
  readonly atOnce: number;
}

/**
 * Sends requests to one server by HTTP/2, on as few connections as its limit of streams allows.
 *
 * Invariants: `#withRoom` holds those of `#sessions` that take another stream; nobody waits while there is
 * one.
 */
export class StreamList implements SessionListener {
  readonly #options: StreamListOptions;
  readonly #sessions = new Set<StreamSession>();
  readonly #withRoom = new Set<StreamSession>();
  readonly #waiting: StreamWaiter[] = [];
  #running = 0;
  /** How many streams a connection is expected to take, until a server has told its limit. */
  #streamsEach = 100;
  #isStopped = false;

  constructor(options: StreamListOptions) {
    this.#options = options;
  }

  exchange(request: HttpRequest): Promise<HttpOutcome> {
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      this.#serve();
    });
  }

  prepare(): void {
    if (this.#sessions.size === 0 && !this.#isStopped) this.#open();
  }

  /** Breaks off the running requests. */
  async destroy(): Promise<void> {
    this.#isStopped = true;
    for (const session of this.#sessions) session.destroy();
    this.#serve();
  }

  onRoom(session: StreamSession): void {
    this.#withRoom.add(session);
    this.#streamsEach = session.most;
    this.#serve();
  }

  onEnd(session: StreamSession, error?: Error): void {
    this.#sessions.delete(session);
    this.#withRoom.delete(session);
    // The server cannot be reached. All waiters learn it at once, as if each had tried its own connection.
    if (session.most === 0 && error !== undefined) this.#failAll(error);
    else this.#serve();
  }

  #serve(): void {
    if (this.#isStopped) {
      this.#failAll(new errors.ClientDestroyedError());
      return;
    }
    while (this.#waiting.length > 0 && this.#running < this.#options.atOnce) {
      const session = this.#nextWithRoom();
      if (session === undefined) {
        this.#openEnough();
        return;
      }
      const waiter = this.#waiting.shift();
      if (waiter !== undefined) this.#start(session, waiter);
    }
  }

  #start(session: StreamSession, { request, resolve }: StreamWaiter): void {
    if (!request.mayStart()) {
      resolve({ kind: 'notStarted', because: 'TOO_LATE' });
      return;
    }
    if (isTurnOver(request.turnEndsMs)) {
      resolve({ kind: 'notStarted', because: 'TURN_MISSED' });
      return;
    }
    this.#running++;
    session.run({
      request,
      resolve: (outcome) => {
        this.#running--;
        resolve(outcome);
        this.#serve();
      },
    });
  }

  #nextWithRoom(): StreamSession | undefined {
    for (const session of this.#withRoom) {
      if (session.hasRoom) return session;
      this.#withRoom.delete(session);
    }
    return undefined;
  }

  /** Opens as many connections as the waiting requests need. */
  #openEnough(): void {
    let coming = 0;
    for (const { isConnecting } of this.#sessions) if (isConnecting) coming += this.#streamsEach;
    const wanted = Math.min(this.#waiting.length, this.#options.atOnce - this.#running);
    for (; coming < wanted; coming += this.#streamsEach) {
      this.#open();
    }
  }

  #open(): void {
    this.#sessions.add(new StreamSession(this.#options, this));
  }

  #failAll(error: Error): void {
    for (const { resolve } of this.#waiting.splice(0)) {
      resolve({ kind: 'notStarted', because: 'NO_CONNECTION', error });
    }
  }
}
