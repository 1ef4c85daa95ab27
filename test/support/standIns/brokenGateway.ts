import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokenBucket, type TokenBucket } from '../../../tools/gateway/tokenBucket.ts';

/** How a gateway answers in an outage. `away`: nothing listens. `isKnown`: nothing was accepted, for sure. */
export const outages = {
  'answers 500': { status: 500, type: 'application/json', text: '{"error":"internal"}', isKnown: false },
  hangs: { status: undefined, type: '', text: '', isKnown: false },
  'refuses connections': { status: 'away', type: '', text: '', isKnown: false },
  'answers 402': { status: 402, type: 'application/json', text: '{"error":"no credit"}', isKnown: true },
  'answers 400 in HTML': { status: 400, type: 'text/html', text: '<h1>400 Bad Request</h1>', isKnown: true },
  'answers 404 as an ingress': {
    status: 404,
    type: 'text/plain',
    text: 'default backend - 404',
    isKnown: true,
  },
} as const;

export type Outage = keyof typeof outages;

interface Options {
  readonly latencyMs: number;
  /** More than this many per second get 429, with a Retry-After of 1 s. */
  readonly perSecond?: number;
}

/**
 * A gateway in the test's process that breaks and recovers when the test says so, and remembers what it saw.
 * A request that is open when it breaks gets the answer of the outage.
 *
 * States: closed, works, broken. A key that was accepted or got no clear answer must not come again.
 */
export class BrokenGateway {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #bucket: TokenBucket;
  readonly #latencyMs: number;
  /** The times at which it accepted, by `performance.now()`. */
  readonly acceptedAtMs: number[] = [];
  /** How often each key came. */
  readonly requests = new Map<string, number>();
  /** Keys that came again although they were accepted, or nobody could know whether they were. */
  readonly repeated: string[] = [];
  #outage: Outage | undefined;
  #settled = new Set<string>();
  #port = 0;
  open = 0;
  /** Requests since the outage began. */
  sinceBroken = 0;

  constructor({ latencyMs, perSecond }: Options) {
    this.#latencyMs = latencyMs;
    this.#bucket = createTokenBucket(perSecond);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/messages`;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async breakDown(outage: Outage): Promise<void> {
    this.#outage = outage;
    this.sinceBroken = 0;
    if (outages[outage].status === 'away') await this.close();
  }

  async recover(): Promise<void> {
    const wasAway = this.#outage !== undefined && outages[this.#outage].status === 'away';
    this.#outage = undefined;
    if (wasAway) await this.listen();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Acceptances per second between two moments of `performance.now()`. */
  rate(fromMs: number, toMs: number): number {
    const count = this.acceptedAtMs.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
    return (count * 1_000) / (toMs - fromMs);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = String(request.headers['idempotency-key']);
    request.resume();
    this.open++;
    this.sinceBroken++;
    response.once('close', () => {
      this.open--;
    });
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
    if (this.#settled.has(key)) this.repeated.push(key);
    if (!this.#bucket.take(performance.now())) {
      response.writeHead(429, { 'retry-after': '1' }).end();
      return;
    }
    // An outage answers at once.
    if (this.#outage === undefined) await sleep(this.#latencyMs);
    if (this.#outage !== undefined) this.#fail(this.#outage, { key, response });
    else this.#accept(key, response);
  }

  #accept(key: string, response: ServerResponse): void {
    this.#settled.add(key);
    this.acceptedAtMs.push(performance.now());
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ key }));
  }

  #fail(
    outage: Outage,
    { key, response }: { readonly key: string; readonly response: ServerResponse },
  ): void {
    const { status, type, text, isKnown } = outages[outage];
    if (!isKnown) this.#settled.add(key);
    if (typeof status === 'number') response.writeHead(status, { 'content-type': type }).end(text);
  }
}
