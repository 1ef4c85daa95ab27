import type { Socket } from 'node:net';
import { type buildConnector, Client, errors } from 'undici';
import { type ExchangeOwner, exchange, type HttpOutcome, type HttpRequest } from './exchange.ts';

export interface ClientListOptions {
  readonly origin: URL;
  /** The most at a time. */
  readonly connections: number;
  /** False: each request has its own connection. */
  readonly keepsAlive: boolean;
  readonly connect: buildConnector.connector;
  readonly client: Client.Options;
}

interface Waiter {
  readonly request: HttpRequest;
  readonly resolve: (outcome: HttpOutcome) => void;
}

/**
 * Connections to one server, each with one request at a time. undici's own Pool walks over all of them for
 * each request; here a request costs the same however many there are.
 *
 * The one that was used last is used next, so those that are not needed grow idle, and undici closes them.
 * One whose request failed is forgotten. A request that finds none free waits.
 *
 * Invariants: `#idle` holds those of `#all` that have no request; nobody waits while one is idle.
 */
export class ClientList {
  readonly #options: ClientListOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiter[] = [];
  #isStopped = false;

  constructor(options: ClientListOptions) {
    this.#options = options;
  }

  exchange(request: HttpRequest): Promise<HttpOutcome> {
    if (this.#isStopped) return Promise.resolve(stopped());
    const connection = this.#take();
    if (connection !== undefined) return exchange(connection, request, connection);
    return new Promise((resolve) => this.#waiting.push({ request, resolve }));
  }

  /** Breaks the requests that run. */
  async destroy(): Promise<void> {
    this.#isStopped = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(stopped());
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
  }

  /** The request on this connection is over, by a whole answer or not. */
  ended(connection: Connection, isSound: boolean): void {
    if (this.#isStopped) return;
    const isKept = isSound && this.#options.keepsAlive;
    if (!isKept) this.#all.delete(connection);
    const next = this.#nextInTime();
    if (next !== undefined) {
      const free = isKept ? connection : this.#open();
      void exchange(free, next.request, free).then(next.resolve);
    } else if (isKept) {
      connection.isIdle = true;
      this.#idle.push(connection);
    }
  }

  /** It was closed. Those that have been idle for the longest stand first. */
  closed(connection: Connection): void {
    if (!connection.isIdle) return;
    this.#idle.splice(this.#idle.indexOf(connection), 1);
    this.#all.delete(connection);
  }

  #take(): Connection | undefined {
    const idle = this.#idle.pop();
    if (idle === undefined) {
      return this.#all.size < this.#options.connections ? this.#open() : undefined;
    }
    idle.isIdle = false;
    return idle;
  }

  #open(): Connection {
    const connection = new Connection(this, this.#options);
    this.#all.add(connection);
    return connection;
  }

  /** One that is too late is answered without a connection. */
  #nextInTime(): Waiter | undefined {
    let next = this.#waiting.shift();
    while (next !== undefined && !next.request.mayStart()) {
      next.resolve({ kind: 'notStarted', because: 'TOO_LATE' });
      next = this.#waiting.shift();
    }
    return next;
  }
}

/** A client of undici, which makes a new connection if its own was closed before anything was written. */
class Connection extends Client implements ExchangeOwner {
  readonly #list: ClientList;
  readonly #wire: Wire;
  isIdle = false;

  constructor(list: ClientList, { origin, connect, client }: ClientListOptions) {
    const wire: Wire = {};
    super(origin, { ...client, connect: keepingSocket(connect, wire) });
    this.#list = list;
    this.#wire = wire;
    this.on('disconnect', () => list.closed(this));
  }

  hasWrittenAll(): boolean {
    return this.#wire.socket?.writableLength === 0;
  }

  ended(isSound: boolean): void {
    this.#list.ended(this, isSound);
  }
}

/** What undici does not tell: the socket of a client. */
interface Wire {
  socket?: Socket | undefined;
}

function keepingSocket(connect: buildConnector.connector, wire: Wire): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...outcome) => {
      wire.socket = outcome[1] ?? undefined;
      callback(...outcome);
    });
}

function stopped(): HttpOutcome {
  return { kind: 'notStarted', because: 'NO_CONNECTION', error: new errors.ClientDestroyedError() };
}
