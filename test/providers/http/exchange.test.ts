import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import type { HttpOutcome, HttpRequest } from '../../../src/providers/http/exchange.ts';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { serveHttp, serveTcp } from '../../support/httpServer.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

const post: HttpRequest = {
  method: 'POST',
  path: '/send',
  headers: {},
  body: Buffer.from('a bill'),
  mayStart: () => true,
  timeLimitMs: 30_000,
};
function poolOf(origin: string, connectTimeoutMs = 30_000): GatewayPool {
  const url = new URL(origin);
  const pool = createGatewayPool({
    url,
    connections: 1,
    connectTimeoutMs,
    keepAliveMs: 4_000,
    settings: {},
  });
  pools.push(pool);
  return pool;
}
/** The outcome without its error, and the error. */
async function post1(origin: string, request: Partial<HttpRequest> = {}) {
  return withoutError(await poolOf(origin).exchange({ ...post, ...request }));
}
function withoutError(outcome: HttpOutcome): HttpOutcome {
  if (outcome.kind === 'answered') return outcome;
  const { error: _error, ...rest } = outcome;
  return rest;
}
async function http(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  return `http://127.0.0.1:${(await serveHttp(handle)).port}`;
}
async function tcp(handle: (socket: Socket) => void) {
  return (await serveTcp(handle)).port;
}

describe('a request that is answered', () => {
  const date = 'Wed, 25 Nov 2026 09:00:00 GMT';

  it('gives status, Retry-After, date and body', async () => {
    const origin = await http((_request, response) => {
      response.writeHead(429, { 'retry-after': '3', date }).end('later');
    });
    assert.deepEqual(await post1(origin), {
      kind: 'answered',
      status: 429,
      retryAfter: '3',
      date,
      body: 'later',
    });
  });

  it('is judged by its final status, not by an informational one', async () => {
    const origin = await http((_request, response) => {
      response.writeProcessing();
      response.writeHead(202).end('{"id":"1"}');
    });
    const outcome = await post1(origin);
    assert.equal(outcome.kind === 'answered' && outcome.status, 202);
  });

  it('is not answered by an informational status alone', async () => {
    const origin = await http((_request, response) => {
      response.writeProcessing(() => response.destroy());
    });
    assert.deepEqual(await post1(origin), { kind: 'broken', because: 'CONNECTION' });
  });

  it('is answered when the status is in, also if the rest never comes or is without end', async () => {
    const cut = await http((_request, response) => {
      response.writeHead(200, { 'content-length': 100, date }).write('{"id"', () => response.destroy());
    });
    const slow = await http((_request, response) => {
      response.writeHead(200, { date }).write('{"id"');
    });
    const endless = await http((_request, response) => {
      response.writeHead(200, { date }).write(Buffer.alloc(1_000_000, ' '));
    });
    const headOnly = { kind: 'answered', status: 200, retryAfter: '', date, body: '' };
    assert.deepEqual(await post1(cut), headOnly);
    assert.deepEqual(await post1(slow, { timeLimitMs: 500 }), headOnly);
    assert.deepEqual(await post1(endless), headOnly);
  });
});

describe('a request of which a byte may have left', () => {
  it('is broken when no answer comes in time', async () => {
    let requests = 0;
    const origin = await http(() => {
      requests++;
    });
    const outcome = await post1(origin, { timeLimitMs: 100 });
    assert.deepEqual(outcome, { kind: 'broken', because: 'TIME_OUT' });
    assert.equal(requests, 1, 'and is not repeated');
  });

  it('is broken when the connection breaks after it', async () => {
    let requests = 0;
    const origin = await http((request) => {
      requests++;
      request.socket.destroy();
    });
    assert.deepEqual(await post1(origin), { kind: 'broken', because: 'CONNECTION' });
    assert.equal(requests, 1, 'and is not repeated');
  });

  it('is broken when the connection breaks in its middle', async () => {
    let received = 0;
    const port = await tcp((socket) => {
      socket.once('data', (chunk) => {
        received = chunk.length;
        socket.resetAndDestroy();
      });
    });
    const body = Buffer.alloc(20_000_000, 'x');
    const outcome = await post1(`http://127.0.0.1:${port}`, { body });
    assert.deepEqual(outcome, { kind: 'broken', because: 'CONNECTION' });
    assert.ok(received > 0 && received < body.length);
  });

  it('is broken when what comes back is not HTTP', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    assert.equal((await post1(`http://127.0.0.1:${port}`)).kind, 'broken');
  });
});

describe('a request of which not a byte was written', { concurrency: true }, () => {
  const notStarted = { kind: 'notStarted', because: 'NO_CONNECTION' };

  it('has no connection: refused', async () => {
    // Port 1 is nobody's.
    assert.deepEqual(await post1('http://127.0.0.1:1'), notStarted);
  });

  it('has no connection: the name is not found', async () => {
    assert.deepEqual(await post1('http://gateway.invalid'), notStarted);
  });

  it('has no connection: TLS fails', async () => {
    const port = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    assert.deepEqual(await post1(`https://127.0.0.1:${port}`), notStarted);
  });

  it('has no connection: it breaks while it is being made', async () => {
    const port = await tcp((socket) => socket.resetAndDestroy());
    assert.deepEqual(await post1(`https://127.0.0.1:${port}`), notStarted);
  });

  it('has no connection: making it takes too long', async () => {
    const port = await tcp(() => undefined);
    const pool = poolOf(`https://127.0.0.1:${port}`, 300);
    assert.deepEqual(withoutError(await pool.exchange(post)), notStarted);
  });

  it('has no connection: the pool is closed', async () => {
    const pool = poolOf('http://127.0.0.1:1');
    await pool.destroy();
    assert.deepEqual(withoutError(await pool.exchange(post)), notStarted);
  });

  it('is too late when its connection is there', async () => {
    let requests = 0;
    const origin = await http((_request, response) => {
      requests++;
      response.end();
    });
    const pool = poolOf(origin);
    const tooLate = { kind: 'notStarted', because: 'TOO_LATE' };
    const outcome = await pool.exchange({ ...post, mayStart: () => false });
    assert.deepEqual(withoutError(outcome), tooLate);
    assert.equal((await pool.exchange(post)).kind, 'answered', 'the next one is not');
    assert.equal(requests, 1);
  });

  it('is too late when it has waited behind another one', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<ServerResponse>();
    const bodies: string[] = [];
    const origin = await http((request, response) => {
      bodies.push(request.headers['x-bill'] === undefined ? '' : String(request.headers['x-bill']));
      arrive(response);
    });
    const pool = poolOf(origin);
    let passed = false;
    const first = pool.exchange({ ...post, headers: { 'x-bill': 'first' } });
    const second = pool.exchange({ ...post, headers: { 'x-bill': 'second' }, mayStart: () => !passed });
    const response = await arrived;
    passed = true;
    response.end();
    assert.equal((await first).kind, 'answered');
    assert.deepEqual(withoutError(await second), { kind: 'notStarted', because: 'TOO_LATE' });
    assert.deepEqual(bodies, ['first']);
  });
});
