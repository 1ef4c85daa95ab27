import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { serveHttp, serveTcp } from '../../support/httpServer.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

function poolOf(port: number, keepAliveMs: number): GatewayPool {
  const url = new URL(`http://127.0.0.1:${port}`);
  const pool = createGatewayPool({ url, connections: 1, connectTimeoutMs: 5_000, keepAliveMs, settings: {} });
  pools.push(pool);
  return pool;
}
function post(pool: GatewayPool, body = Buffer.from('a bill')) {
  return pool.exchange({
    method: 'POST',
    path: '/',
    headers: {},
    body,
    mayStart: () => true,
    timeLimitMs: 30_000,
  });
}

/** A server that may say how long it keeps an idle connection. It notes when each was closed. */
async function serveIdle(headers: Record<string, string> = { connection: 'keep-alive' }) {
  const closed: PromiseWithResolvers<void>[] = [];
  const seen = new Set<Socket>();
  const server = await serveHttp(({ socket }, response) => {
    if (!seen.has(socket)) {
      const closing = Promise.withResolvers<void>();
      closed.push(closing);
      socket.once('close', () => closing.resolve());
      seen.add(socket);
    }
    response.writeHead(200, headers).end('{"id":"1"}');
  });
  return { ...server, closed };
}

describe('an idle connection', () => {
  it('is used again, and closed by us before a server that closes after 2 s does', async () => {
    const server = await serveIdle();
    const pool = poolOf(server.port, 300);
    for (let request = 0; request < 3; request++) await post(pool);
    assert.equal(server.connections(), 1);
    await server.closed[0]?.promise;
    await post(pool);
    assert.equal(server.connections(), 2);
  });

  it('is closed before the server, which says when, would close it', async () => {
    const server = await serveIdle({ connection: 'keep-alive', 'keep-alive': 'timeout=1' });
    const pool = poolOf(server.port, 600_000);
    await post(pool);
    await server.closed[0]?.promise;
  });

  it('is none if each request is to have its own', async () => {
    const server = await serveIdle();
    const pool = poolOf(server.port, 0);
    for (let request = 0; request < 3; request++) assert.equal((await post(pool)).kind, 'answered');
    assert.equal(server.connections(), 3);
  });
});

describe('a request that is too large', () => {
  const large = Buffer.alloc(8_000_000, 'x');
  const body = '{"error":"too large"}';
  const refusal =
    'HTTP/1.1 413 Payload Too Large\r\nconnection: close\r\n' +
    `content-length: ${body.length}\r\n\r\n${body}`;

  it('has its 413 from a server that answers before the end and reads on, as nginx does', async () => {
    const { port } = await serveTcp((socket) =>
      socket.once('data', () => {
        socket.end(refusal);
        socket.resume();
      }),
    );
    const outcome = await post(poolOf(port, 1_000), large);
    assert.ok(outcome.kind === 'answered');
    assert.deepEqual([outcome.status, outcome.body], [413, body]);
  });

  it('is answered or broken, and never not sent, if the server cuts it off', async () => {
    const { port } = await serveTcp((socket) =>
      socket.once('data', () => {
        socket.write(refusal, () => socket.resetAndDestroy());
      }),
    );
    for (let request = 0; request < 20; request++) {
      const { kind } = await post(poolOf(port, 1_000), large);
      assert.ok(kind === 'answered' || kind === 'broken', kind);
    }
  });
});
