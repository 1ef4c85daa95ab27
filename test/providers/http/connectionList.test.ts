import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import type { HttpOutcome } from '../../../src/providers/http/exchange.ts';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { readCertificate } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { bodyOf, listen, serveHttp, serveTcp } from '../../support/httpServer.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

function poolOf(port: number, connections: number, keepAliveMs = 30_000): GatewayPool {
  const url = new URL(`http://127.0.0.1:${port}`);
  const pool = createGatewayPool({ url, connections, connectTimeoutMs: 5_000, keepAliveMs, settings: {} });
  pools.push(pool);
  return pool;
}

function get(
  pool: GatewayPool,
  facts: { timeLimitMs?: number; mayStart?: () => boolean; turnEndsMs?: number } = {},
) {
  return pool.exchange({
    method: 'GET',
    path: '/',
    headers: {},
    mayStart: () => true,
    timeLimitMs: 30_000,
    ...facts,
  });
}

/** A server whose answers wait, with the connection of each request. */
async function serveWaiting() {
  const waiting: ServerResponse[] = [];
  const sockets: Socket[] = [];
  const server = await serveHttp((request, response) => {
    waiting.push(response);
    sockets.push(request.socket);
  });
  return {
    ...server,
    sockets,
    /** Answers once as many requests as this wait. */
    async answer(count: number) {
      await eventually(() => waiting.length === count);
      for (const response of waiting.splice(0)) response.end('{}');
    },
  };
}

describe('a list of connections', { concurrency: true }, () => {
  it('uses the one again that was used last, so that the others grow idle and are closed', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 8, 1_000);
    const together = [get(pool), get(pool), get(pool)];
    await server.answer(3);
    await Promise.all(together);
    const open = () => new Set(server.sockets.filter(({ destroyed }) => !destroyed)).size;
    while (open() > 1) {
      const one = get(pool);
      await server.answer(1);
      await one;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(server.connections(), 3);
    assert.equal(new Set(server.sockets.slice(3)).size, 1);
  });

  it('uses the one that was idle for the longest while most are busy', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 5);
    const together = [0, 1, 2, 3, 4].map(() => get(pool));
    await server.answer(5);
    await Promise.all(together);
    const busy = [0, 1, 2, 3].map(() => get(pool));
    await server.answer(4);
    await Promise.all(busy);
    const [, , , , , ...used] = server.sockets.map((socket) => server.sockets.indexOf(socket));
    assert.deepEqual(used, [4, 3, 2, 0]);
  });

  it('has no more of them than it may, and serves those who wait in the order they came', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 2);
    const done: number[] = [];
    const all = [0, 1, 2, 3, 4].map((id) => get(pool).then(() => done.push(id)));
    for (const count of [2, 2, 1]) await server.answer(count);
    await Promise.all(all);
    assert.deepEqual(done, [0, 1, 2, 3, 4]);
    assert.equal(server.connections(), 2);
  });

  it('forgets one that broke, and one that timed out, and their places are free', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 1);
    const slow = await get(pool, { timeLimitMs: 50 });
    assert.deepEqual(slow, {
      kind: 'broken',
      because: 'TIME_OUT',
      error: slow.kind === 'broken' && slow.error,
    });
    const broken = get(pool);
    await eventually(() => server.sockets.length === 2);
    server.sockets[1]?.destroy();
    assert.equal((await broken).kind, 'broken');
    const waiting = [get(pool), get(pool)];
    await eventually(() => server.sockets.length === 3);
    server.sockets[2]?.destroy();
    await eventually(() => server.sockets.length === 4);
    assert.equal(server.connections(), 4);
    await pool.destroy();
    assert.deepEqual(
      (await Promise.all(waiting)).map(({ kind }) => kind),
      ['broken', 'broken'],
    );
  });

  it('opens no connection for one that has waited for too long', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 1);
    let isLate = false;
    const first = get(pool);
    const late = get(pool, { mayStart: () => !isLate });
    const next = get(pool);
    isLate = true;
    await server.answer(1);
    assert.equal((await first).kind, 'answered');
    assert.deepEqual(await late, { kind: 'notStarted', because: 'TOO_LATE' });
    await server.answer(1);
    assert.equal((await next).kind, 'answered');
    assert.equal(server.connections(), 1);
  });

  it('opens what is missing for requests that come soon, and never more than it may', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 5);
    pool.prepare(2);
    pool.prepare(2);
    await eventually(() => server.connections() === 2);
    const ready = [get(pool), get(pool)];
    await eventually(() => server.sockets.length === 2);
    pool.prepare(2);
    await eventually(() => server.connections() === 4);
    pool.prepare(9);
    await eventually(() => server.connections() === 5);
    const others = [get(pool), get(pool), get(pool)];
    await server.answer(5);
    const outcomes = await Promise.all([...ready, ...others]);
    assert.ok(outcomes.every(({ kind }) => kind === 'answered'));
    assert.equal(server.connections(), 5);
  });

  it('writes nothing after the turn of a request, and keeps its connection for the next', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 1);
    const turnEndsMs = performance.now() - 1;
    assert.deepEqual(await get(pool, { turnEndsMs }), { kind: 'notStarted', because: 'TURN_MISSED' });
    const inTime = get(pool, { turnEndsMs: performance.now() + 10_000 });
    await server.answer(1);
    assert.equal((await inTime).kind, 'answered');
    assert.deepEqual(await get(pool, { turnEndsMs }), { kind: 'notStarted', because: 'TURN_MISSED' });
    assert.deepEqual([server.connections(), server.sockets.length], [1, 1]);
  });

  it('looks at no turn if each request needs a new connection, which takes its time', async () => {
    const server = await serveHttp((_, response) => response.setHeader('connection', 'close').end('{}'));
    const learning = poolOf(server.port, 1);
    assert.equal((await get(learning)).kind, 'answered');
    const turnEndsMs = performance.now() - 1;
    for (const pool of [learning, poolOf(server.port, 1, 0)]) {
      assert.equal((await get(pool, { turnEndsMs })).kind, 'answered');
    }
  });

  it('takes no answer that came unasked for that of the next request', async () => {
    const answerOf = (id: number) => `HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${id}`;
    const { promise: idle, resolve: isIdle } = Promise.withResolvers<Socket>();
    const server = await serveTcp((socket) => {
      socket.once('data', () => socket.write(answerOf(1), () => isIdle(socket)));
    });
    const pool = poolOf(server.port, 1);
    const bodyOf = (outcome: HttpOutcome) => outcome.kind === 'answered' && outcome.body;
    assert.equal(bodyOf(await get(pool)), '1');
    // The answer is there when the next request comes, but nobody has read it.
    const socket = await idle;
    await new Promise<unknown>((resolve) => socket.write(answerOf(2), resolve));
    assert.equal(bodyOf(await get(pool)), '1');
    assert.equal(server.connections(), 2);
  });

  it('answers all at once when it is destroyed, and takes nothing more', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 1);
    const [running, waiting] = [get(pool), get(pool)];
    await eventually(() => server.sockets.length === 1);
    await pool.destroy();
    assert.equal((await running).kind, 'broken');
    assert.equal((await waiting).kind, 'notStarted');
    assert.equal((await get(pool)).kind, 'notStarted');
  });
});

describe('the memory of a body', () => {
  const bytes = 'a bill '.repeat(1_000);
  const post = (pool: GatewayPool, body: Uint8Array, freesBody: boolean) =>
    pool.exchange({
      method: 'POST',
      path: '/',
      headers: {},
      body,
      freesBody,
      mayStart: () => true,
      timeLimitMs: 30_000,
    });

  it('is freed when it has left, before the answer, if nobody else needs it', async () => {
    const server = await serveWaiting();
    const pool = poolOf(server.port, 2);
    const [freed, kept] = [new TextEncoder().encode(bytes), new TextEncoder().encode(bytes)];
    const together = [post(pool, freed, true), post(pool, kept, false)];
    await eventually(() => server.sockets.length === 2);
    assert.deepEqual([freed.length, kept.length], [0, bytes.length]);
    await server.answer(2);
    await Promise.all(together);
  });

  it('is not freed if it is a part of another', async () => {
    const server = await serveWaiting();
    const whole = new TextEncoder().encode(`x${bytes}`);
    const sent = post(poolOf(server.port, 1), whole.subarray(1), true);
    await server.answer(1);
    await sent;
    assert.equal(whole.length, bytes.length + 1);
  });

  it('stays until the network has taken all of it', async () => {
    const received: string[] = [];
    const { port } = await serveHttp((request, response) => {
      request.pause();
      setTimeout(async () => {
        received.push(await bodyOf(request));
        response.end('{}');
      }, 100);
    });
    const large = bytes.repeat(1_200);
    const body = new TextEncoder().encode(large);
    assert.equal((await post(poolOf(port, 1), body, true)).kind, 'answered');
    assert.ok(received[0] === large, 'it arrives as it was');
  });

  it('that is answered before all of it has left ends its connection', async () => {
    const server = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const pool = poolOf(server.port, 1);
    for (let request = 0; request < 2; request++) {
      assert.equal((await post(pool, new Uint8Array(16_000_000), false)).kind, 'answered');
    }
    assert.equal(server.connections(), 2);
  });

  it('arrives as it was with TLS too', async () => {
    const options = { cert: readCertificate('server.pem'), key: readCertificate('server.key') };
    const received: string[] = [];
    const { port } = await listen(
      createTlsServer(options, async (request, response) => {
        received.push(await bodyOf(request));
        response.end('{}');
      }),
    );
    const pool = createGatewayPool({
      url: new URL(`https://localhost:${port}`),
      connections: 1,
      connectTimeoutMs: 5_000,
      keepAliveMs: 5_000,
      settings: { ca: readCertificate('ca.pem') },
    });
    pools.push(pool);
    for (let request = 0; request < 3; request++) {
      const body = new TextEncoder().encode(bytes);
      assert.equal((await post(pool, body, true)).kind, 'answered');
    }
    assert.deepEqual(received, [bytes, bytes, bytes]);
  });
});
