import { errors } from 'undici';
import type { HttpOutcome, HttpRequest } from './exchange.ts';
import {
  type ConnectionListener,
  GatewayConnection,
  type GatewayConnectionOptions,
  type Waiter,
} from './gatewayConnection.ts';

export interface ConnectionListOptions extends GatewayConnectionOptions {
  /** The most connections at a time. */
  readonly connections: number;
}

/**
 * HTTP/1.1 connections to one server, each with one request at a time. A request costs the same however many
 * there are.
 *
 * The connection that was used last is used next, so that those that are not needed become idle and are
 * closed. While most are busy, the one that was idle longest is used, so that few are closed only to be
 * opened again. If a request fails, its connection is dropped. A request that finds no free connection waits.
 *
 * Invariants: `#all` holds the connections that are not over. `#idle` holds those without a request, in the
 * order in which they became idle, and maybe some that are over. `#sweepAfterMs` is never later than the idle
 * limit of one of them.
 */
export class ConnectionList implements ConnectionListener {
  readonly #options: ConnectionListOptions;
  readonly #all = new Set<GatewayConnection>();
  #idle: GatewayConnection[] = [];
  readonly #waiting: Waiter[] = [];
  /** So many waiters, from the first on, have already looked for a connection and found none. */
  #passedOver = 0;
  #isServing = false;
  #sweep: NodeJS.Timeout | undefined;
  #sweepAfterMs = Number.POSITIVE_INFINITY;
  #isStopped = false;
  /** Connections that are being opened for no request yet. */
  #opening = 0;
  #keepsConnections: boolean;

  constructor(options: ConnectionListOptions) {
    this.#options = options;
    this.#keepsConnections = options.keepAliveMs > 0;
  }

  get keepsConnections(): boolean {
    return this.#keepsConnections;
  }

  exchange(request: HttpRequest): Promise<HttpOutcome> {
    if (this.#isStopped) return Promise.resolve(stopped());
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      this.#serveSoon();
    });
  }

  prepare(requests: number): void {
    if (this.#isStopped || this.#options.keepAliveMs === 0) return;
    const missing = requests - this.#idle.length - this.#opening;
    const room = this.#options.connections - this.#all.size;
    for (let nth = 0; nth < Math.min(missing, room); nth++) {
      this.#opening++;
      this.#all.add(new GatewayConnection(this.#options, this));
    }
  }

  /** Breaks off the running requests. */
  async destroy(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#sweep);
    for (const { resolve } of this.#waiting.splice(0)) resolve(stopped());
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
  }

  onOpened(): void {
    this.#opening--;
  }

  onAnswered(isKept: boolean): void {
    this.#keepsConnections = isKept;
  }

  onIdle(connection: GatewayConnection): void {
    this.#idle.push(connection);
    if (connection.idleUntilMs < this.#sweepAfterMs) this.#sweepAfter(connection.idleUntilMs);
    if (this.#waiting.length > 0) this.#serveSoon();
  }

  onOver(connection: GatewayConnection): void {
    this.#all.delete(connection);
    if (this.#waiting.length > 0) this.#serveSoon();
  }

  /**
   * Before an idle connection is used, what has come on it is read: its end, or bytes that would be taken for
   * the answer to the next request. The event loop reads between two immediates. All requests of a turn wait
   * together.
   */
  #serveSoon(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    setImmediate(() => setImmediate(() => this.#serve()));
  }

  #serve(): void {
    this.#isServing = false;
    const nowMs = performance.now();
    let served = 0;
    for (const waiter of this.#waiting) {
      const idle = this.#takeIdle(nowMs);
      if (idle !== undefined) idle.run(waiter);
      else if (this.#all.size >= this.#options.connections) break;
      else this.#open(waiter, served < this.#passedOver);
      served++;
    }
    this.#waiting.splice(0, served);
    this.#passedOver = this.#waiting.length;
  }

  /** Opens a connection for a waiter. If it is too late for it already, it is answered without one. */
  #open(waiter: Waiter, hasWaited: boolean): void {
    if (hasWaited && !waiter.request.mayStart()) waiter.resolve({ kind: 'notStarted', because: 'TOO_LATE' });
    else this.#all.add(new GatewayConnection(this.#options, this, waiter));
  }

  #takeIdle(nowMs: number): GatewayConnection | undefined {
    const mostAreBusy = this.#idle.length * 2 < this.#all.size;
    for (;;) {
      const idle = mostAreBusy ? this.#idle.shift() : this.#idle.pop();
      if (idle === undefined || (!idle.isOver && idle.idleUntilMs > nowMs)) return idle;
      void idle.destroy();
    }
  }

  /**
   * Sets the sweep a little after that time, so that one sweep closes many. No connection is used after its
   * time.
   */
  #sweepAfter(atMs: number): void {
    clearTimeout(this.#sweep);
    this.#sweepAfterMs = atMs;
    const delayMs = atMs - performance.now() + this.#options.keepAliveMs / 10;
    this.#sweep = setTimeout(() => this.#closeIdle(), Math.max(0, delayMs));
  }

  #closeIdle(): void {
    const nowMs = performance.now();
    const isKept = (idle: GatewayConnection) => !idle.isOver && idle.idleUntilMs > nowMs;
    const ended = this.#idle.filter((idle) => !isKept(idle));
    this.#idle = this.#idle.filter(isKept);
    for (const idle of ended) void idle.destroy();
    this.#sweepAfterMs = Number.POSITIVE_INFINITY;
    const nextMs = this.#idle.reduce(
      (least, { idleUntilMs }) => Math.min(least, idleUntilMs),
      this.#sweepAfterMs,
    );
    if (this.#idle.length > 0) this.#sweepAfter(nextMs);
  }
}

function stopped(): HttpOutcome {
  return { kind: 'notStarted', because: 'NO_CONNECTION', error: new errors.ClientDestroyedError() };
}
