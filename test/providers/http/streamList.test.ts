import assert from 'node:assert/strict';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { after, describe, it } from 'node:test';
import { classifyUnanswered } from '../../../src/providers/http/classify.ts';
import type { HttpOutcome, HttpRequest } from '../../../src/providers/http/exchange.ts';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { readCertificate } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { listen, serveTcp } from '../../support/httpServer.ts';
import { createTcpProxy } from '../../support/tcpProxy.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

function poolOf(origin: string, facts: { atOnce?: number; keepAliveMs?: number; timeoutMs?: number } = {}) {
  const pool = createGatewayPool({
    url: new URL(origin),
    connections: facts.atOnce ?? 1_000,
    connectTimeoutMs: facts.timeoutMs ?? 2_000,
    keepAliveMs: facts.keepAliveMs ?? 10_000,
    settings: { version: '2', ca: readCertificate('ca.pem') },
  });
  pools.push(pool);
  return pool;
}

function post(pool: GatewayPool, facts: Partial<HttpRequest> = {}): Promise<HttpOutcome> {
  return pool.exchange({
    method: 'POST',
    path: '/mail?tenant=7',
    headers: { 'idempotency-key': '5:EMAIL:1' },
    body: Buffer.from('a bill'),
    mayStart: () => true,
    timeLimitMs: 10_000,
    ...facts,
  });
}

/** The outcome in short. */
async function shortOf(outcome: Promise<HttpOutcome>): Promise<string> {
  const ended = await outcome;
  return ended.kind === 'answered' ? `${ended.status} ${ended.body}` : `${ended.kind} ${ended.because}`;
}

interface Served {
  readonly origin: string;
  readonly connections: () => number;
  readonly streams: ServerHttp2Stream[];
  readonly sessions: ServerHttp2Session[];
}

type Handle = (stream: ServerHttp2Stream) => void;

/** A server of HTTP/2 in the clear, with all that came to it. */
async function serve(handle: Handle = () => undefined, maxConcurrentStreams = 100): Promise<Served> {
  return watch(createServer({ settings: { maxConcurrentStreams } }), handle, 'http');
}

async function watch(server: Http2Server, handle: Handle, scheme: string): Promise<Served> {
  const streams: ServerHttp2Stream[] = [];
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream) => {
    streams.push(stream);
    stream.on('error', () => undefined);
    handle(stream);
  });
  const { port, connections } = await listen(server);
  return { origin: `${scheme}://localhost:${port}`, connections, streams, sessions };
}

const answer: Handle = (stream) => {
  stream.respond({ ':status': 200, 'retry-after': '3', date: 'today' });
  stream.end('{"id":"1"}');
};

describe('requests by HTTP/2', { concurrency: true }, () => {
  it('go out together on one connection, whole, and are answered', async () => {
    const seen: unknown[] = [];
    const server = await serve((stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        seen.push([stream.sentHeaders, Buffer.concat(chunks).length]);
        answer(stream);
      });
    });
    const pool = poolOf(server.origin);
    const body = Buffer.alloc(300_000, 'x');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => post(pool, { body })));
    const [first] = outcomes;
    assert.deepEqual(first, {
      kind: 'answered',
      status: 200,
      retryAfter: '3',
      date: 'today',
      body: '{"id":"1"}',
    });
    assert.deepEqual([seen.length, server.connections()], [20, 1]);
  });

  it('do not begin after their turn, on a connection that was opened ahead', async () => {
    const server = await serve(answer);
    const pool = poolOf(server.origin);
    pool.prepare(9);
    await eventually(() => server.sessions.length === 1);
    assert.equal(await shortOf(post(pool, { turnEndsMs: performance.now() - 1 })), 'notStarted TURN_MISSED');
    assert.equal(await shortOf(post(pool, { turnEndsMs: performance.now() + 10_000 })), '200 {"id":"1"}');
    assert.deepEqual([server.streams.length, server.connections()], [1, 1]);
  });

  it('are 250 on a connection at most if the server sets no limit, so that it has memory for all', async () => {
    const sessions: unknown[] = [];
    const hold: Handle = (stream) => {
      sessions.push(stream.session);
      if (sessions.length === 1) answer(stream);
      if (sessions.length === 601) for (const each of server.streams.slice(1)) answer(each);
    };
    const server = await watch(createServer(), hold, 'http');
    const pool = poolOf(server.origin);
    await post(pool);
    const outcomes = await Promise.all(Array.from({ length: 600 }, () => post(pool)));
    assert.ok(outcomes.every(({ kind }) => kind === 'answered'));
    const most = [...new Set(sessions)].map((one) => sessions.filter((session) => session === one).length);
    assert.ok(Math.max(...most) <= 251, `${most}`);
  });

  it('are negotiated with TLS, and not begun if the gateway does not offer HTTP/2', async () => {
    const own = { cert: readCertificate('server.pem'), key: readCertificate('server.key') };
    const { origin } = await watch(createSecureServer(own), answer, 'https');
    assert.equal(await shortOf(post(poolOf(origin))), '200 {"id":"1"}');
    const { port } = await listen(createTlsServer(own, (_request, response) => void response.end()));
    const outcome = await post(poolOf(`https://localhost:${port}`));
    assert.equal(outcome.kind, 'notStarted');
    assert.match(String(outcome.kind === 'notStarted' && outcome.error?.message), /HTTP_VERSION=1\.1/);
  });

  it('take further connections only if the streams of one do not suffice', async () => {
    const server = await serve(undefined, 3);
    const pool = poolOf(server.origin, { atOnce: 7 });
    const all = Array.from({ length: 9 }, () => post(pool));
    await eventually(() => server.streams.length === 7);
    for (const stream of server.streams.slice()) answer(stream);
    await eventually(() => server.streams.length === 9);
    for (const stream of server.streams.slice(7)) answer(stream);
    assert.equal((await Promise.all(all)).filter(({ kind }) => kind === 'answered').length, 9);
    assert.equal(server.connections(), 3);
  });

  it('leave an idle connection open for a while only', async () => {
    const server = await serve(answer);
    const pool = poolOf(server.origin, { keepAliveMs: 150 });
    for (let request = 0; request < 3; request++) await post(pool);
    assert.equal(server.connections(), 1);
    await eventually(() => server.sessions[0]?.closed === true);
    await post(pool);
    assert.equal(server.connections(), 2);
  });

  it('do not begin if it has become too late', async () => {
    const server = await serve(answer);
    assert.equal(
      await shortOf(post(poolOf(server.origin), { mayStart: () => false })),
      'notStarted TOO_LATE',
    );
    assert.equal(server.streams.length, 0);
  });
});

describe('a request by HTTP/2 of which the gateway did nothing', { concurrency: true }, () => {
  it('is one whose stream it refused', async () => {
    const server = await serve((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    const outcome = await post(poolOf(server.origin));
    assert.ok(outcome.kind === 'notStarted');
    assert.equal(outcome.because, 'REFUSED');
    const { kind, ...told } = classifyUnanswered(outcome, server.origin);
    assert.equal(kind, 'notSent');
    assert.deepEqual('reason' in told && told.reason, 'STREAM_REFUSED');
  });

  for (const [word, code] of [
    ['in peace', constants.NGHTTP2_NO_ERROR],
    ['with an error', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ] as const) {
    it(`is one above the last stream of a GOAWAY ${word}; the others stay open or in doubt`, async () => {
      const server = await serve();
      const pool = poolOf(server.origin);
      const all = [post(pool), post(pool), post(pool)];
      await eventually(() => server.streams.length === 3);
      const [low] = server.streams;
      server.sessions[0]?.goaway(code, low?.id ?? 0);
      assert.equal(await shortOf(all[1] ?? post(pool)), 'notStarted REFUSED');
      assert.equal(await shortOf(all[2] ?? post(pool)), 'notStarted REFUSED');
      if (code === constants.NGHTTP2_NO_ERROR && low !== undefined) answer(low);
      const first = await shortOf(all[0] ?? post(pool));
      assert.equal(first, code === constants.NGHTTP2_NO_ERROR ? '200 {"id":"1"}' : 'broken CONNECTION');
      const next = post(pool);
      await eventually(() => server.streams.length === 4);
      for (const stream of server.streams.slice(3)) answer(stream);
      assert.equal(await shortOf(next), '200 {"id":"1"}');
      assert.equal(server.connections(), 2, 'on another connection');
    });
  }

  it('is one for which there is no connection, or none that speaks HTTP/2', async () => {
    assert.equal(await shortOf(post(poolOf('http://127.0.0.1:1'))), 'notStarted NO_CONNECTION');
    const { port } = await serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    assert.equal(await shortOf(post(poolOf(`http://127.0.0.1:${port}`))), 'notStarted NO_CONNECTION');
    const silent = await serveTcp(() => undefined);
    const pool = poolOf(`http://127.0.0.1:${silent.port}`, { timeoutMs: 200 });
    assert.equal(await shortOf(post(pool)), 'notStarted NO_CONNECTION');
  });

  it('is one that the pool has not begun when it is destroyed', async () => {
    const server = await serve(undefined, 1);
    const pool = poolOf(server.origin, { atOnce: 1 });
    const [running, waiting] = [post(pool), post(pool)];
    await eventually(() => server.streams.length === 1);
    await pool.destroy();
    assert.equal(await shortOf(running), 'broken CONNECTION');
    assert.equal(await shortOf(waiting), 'notStarted NO_CONNECTION');
    assert.equal(await shortOf(post(pool)), 'notStarted NO_CONNECTION');
  });
});

describe('a request by HTTP/2 that the gateway may have taken', { concurrency: true }, () => {
  it('is cancelled when no answer comes in time, and the others on its connection are not', async () => {
    const server = await serve();
    const pool = poolOf(server.origin);
    const [short, long] = [post(pool, { timeLimitMs: 100 }), post(pool)];
    assert.equal(await shortOf(short), 'broken TIME_OUT');
    await eventually(() => server.streams.some(({ rstCode }) => rstCode === constants.NGHTTP2_CANCEL));
    const [alive] = server.streams.filter(({ closed }) => !closed);
    if (alive !== undefined) answer(alive);
    assert.equal(await shortOf(long), '200 {"id":"1"}');
    const next = post(pool);
    await eventually(() => server.streams.length === 3);
    for (const stream of server.streams.slice(2)) answer(stream);
    assert.equal(await shortOf(next), '200 {"id":"1"}');
    assert.equal(server.connections(), 1);
  });

  it('was on a connection that gets nothing more, and is reset, if the gateway is no longer there', async () => {
    const server = await serve();
    const proxy = await createTcpProxy({ host: '127.0.0.1', port: Number(new URL(server.origin).port) });
    await proxy.open();
    after(proxy.close);
    const pool = poolOf(`http://127.0.0.1:${proxy.port}`, { timeoutMs: 300 });
    const [short, long] = [post(pool, { timeLimitMs: 200 }), post(pool)];
    await eventually(() => server.streams.length === 2);
    proxy.stall();
    assert.equal(await shortOf(short), 'broken TIME_OUT');
    assert.equal(await shortOf(long), 'broken CONNECTION');
    proxy.flow();
    const next = post(pool);
    await eventually(() => server.streams.length === 3);
    for (const stream of server.streams.slice(2)) answer(stream);
    assert.equal(await shortOf(next), '200 {"id":"1"}');
  });

  it('is in doubt when the stream is reset otherwise, or the connection breaks', async () => {
    for (const code of [
      constants.NGHTTP2_CANCEL,
      constants.NGHTTP2_INTERNAL_ERROR,
      constants.NGHTTP2_NO_ERROR,
    ]) {
      const server = await serve((stream) => stream.close(code));
      assert.equal(await shortOf(post(poolOf(server.origin))), 'broken CONNECTION', String(code));
    }
    const server = await serve();
    const both = [0, 1].map(() => post(poolOf(server.origin)));
    await eventually(() => server.streams.length === 2);
    for (const session of server.sessions) session.destroy();
    for (const one of both) assert.equal(await shortOf(one), 'broken CONNECTION');
  });

  it('is answered by its status, if the rest does not come or is without end', async () => {
    const cut = await serve((stream) => {
      stream.respond({ ':status': 202 });
      stream.write('{"id"', () => setTimeout(() => stream.session?.destroy(), 50));
    });
    assert.equal(await shortOf(post(poolOf(cut.origin))), '202 ');
    const slow = await serve((stream) => {
      stream.respond({ ':status': 202 });
      stream.write('{"id"');
    });
    assert.equal(await shortOf(post(poolOf(slow.origin), { timeLimitMs: 500 })), '202 ');
    const endless = await serve((stream) => {
      stream.respond({ ':status': 202 });
      stream.write(Buffer.alloc(1_000_000, ' '));
    });
    assert.equal(await shortOf(post(poolOf(endless.origin))), '202 ');
  });

  it('has its refusal from a gateway that answers before it has read all', async () => {
    const server = await serve((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('{"error":"too large"}');
    });
    const body = Buffer.alloc(5_000_000, 'x');
    assert.equal(await shortOf(post(poolOf(server.origin), { body })), '413 {"error":"too large"}');
  });
});
