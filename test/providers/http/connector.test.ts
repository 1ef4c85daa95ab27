import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions, Server as TlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { connectionCause } from '../../../src/providers/http/causes.ts';
import type { ConnectionSettings } from '../../../src/providers/http/connector.ts';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { readCertificate } from '../../support/certificates.ts';
import { listen, serveHttp, serveTcp } from '../../support/httpServer.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

/** What becomes of one POST: its status, or why there is none. */
async function post(
  url: string,
  settings: ConnectionSettings = {},
  connectTimeoutMs = 1_000,
): Promise<string> {
  const pool = createGatewayPool({
    url: new URL(url),
    connections: 1,
    connectTimeoutMs,
    keepAliveMs: 1_000,
    settings,
  });
  pools.push(pool);
  const outcome = await pool.exchange({
    method: 'POST',
    path: '/mail',
    headers: {},
    body: Buffer.from('a bill'),
    mayStart: () => true,
    timeLimitMs: 30_000,
  });
  if (outcome.kind === 'answered') return `${outcome.status} ${outcome.body}`;
  return `${outcome.kind}: ${connectionCause(outcome.error, new URL(url).origin)}`;
}

const answer: RequestListener = (request, response) => void response.end(`${request.method} ${request.url}`);
async function serveTls(options: ServerOptions = {}) {
  const own = { cert: readCertificate('server.pem'), key: readCertificate('server.key') };
  const { port } = await listen(createTlsServer({ ...own, ...options }, answer));
  return `https://localhost:${port}`;
}
const ca = readCertificate('ca.pem');

describe('a connection by TLS', () => {
  it('trusts a gateway of an authority that it was given, and of no other', async () => {
    const origin = await serveTls();
    assert.equal(await post(origin, { ca }), '200 POST /mail');
    const { host } = new URL(origin);
    assert.equal(await post(origin), `notStarted: UNABLE_TO_VERIFY_LEAF_SIGNATURE ${host}`);
  });

  it('trusts no gateway by another name, and none whose certificate has expired', async () => {
    const named = (await serveTls()).replace('localhost', 'gateway.example');
    const proxyUrl = `http://127.0.0.1:${(await serveProxy()).port}`;
    const says = /^notStarted: ERR_TLS_CERT_ALTNAME_INVALID gateway\.example:\d+$/;
    assert.match(await post(named, { ca, proxyUrl }), says);
    const expired = await serveTls({ cert: readCertificate('expired.pem') });
    assert.match(await post(expired, { ca }), /^notStarted: CERT_HAS_EXPIRED localhost:\d+$/);
  });

  it('shows its own certificate to a gateway that asks for one', async () => {
    const origin = await serveTls({ requestCert: true, rejectUnauthorized: true, ca });
    const clientCertificate = { cert: readCertificate('client.pem'), key: readCertificate('client.key') };
    assert.equal(await post(origin, { ca, clientCertificate }), '200 POST /mail');
  });

  it('sends nothing to a gateway that asks for one in vain, although TLS 1.3 reports it later', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const origin = await serveTls({ requestCert: true, rejectUnauthorized: true, ca, maxVersion });
      assert.match(
        await post(origin, { ca }),
        /^notStarted: ERR_SSL_\S*ALERT_\w+ localhost:\d+$/,
        maxVersion,
      );
    }
  });
});

describe('a request that is given up', () => {
  const giveUp = async (origin: string) => {
    const settings = { url: new URL(origin), connections: 1, connectTimeoutMs: 1_000, keepAliveMs: 1_000 };
    const pool = createGatewayPool({ ...settings, settings: { ca } });
    pools.push(pool);
    const request = {
      method: 'POST',
      path: '/mail',
      headers: {},
      body: Buffer.from('a bill'),
      mayStart: () => true,
    } as const;
    return pool.exchange({ ...request, timeLimitMs: 100 });
  };

  it('resets its connection, with TLS and without, so that the kernel sends nothing later', async () => {
    const own = { cert: readCertificate('server.pem'), key: readCertificate('server.key') };
    for (const server of [createServer(), createTlsServer(own)]) {
      const { promise: fault, resolve } = Promise.withResolvers<NodeJS.ErrnoException>();
      server.on('request', ({ socket }) => socket.on('error', resolve));
      const { port } = await listen(server);
      const scheme = server instanceof TlsServer ? 'https' : 'http';
      const outcome = await giveUp(`${scheme}://localhost:${port}`);
      assert.equal(outcome.kind === 'broken' && outcome.because, 'TIME_OUT');
      assert.equal((await fault).code, 'ECONNRESET');
    }
  });
});

/** A proxy, and what it was asked for. */
async function serveProxy(options: { authorization?: string; tls?: boolean } = {}) {
  const asked: string[] = [];
  const own = { cert: readCertificate('server.pem'), key: readCertificate('server.key') };
  const server = options.tls ? createTlsServer(own) : createServer();
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.end('forwarded');
  });
  server.on('connect', (request, socket: Socket) => {
    asked.push(`${request.method} ${request.url}`);
    socket.on('error', () => undefined);
    if (request.headers['proxy-authorization'] !== options.authorization) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  return { ...(await listen(server)), asked };
}

describe('a connection by a proxy', { concurrency: true }, () => {
  it('to an https gateway is a tunnel, of which the proxy sees the end only', async () => {
    const [origin, proxy] = [await serveTls(), await serveProxy()];
    assert.equal(await post(origin, { ca, proxyUrl: `http://127.0.0.1:${proxy.port}` }), '200 POST /mail');
    assert.deepEqual(proxy.asked, [`CONNECT ${new URL(origin).host}`]);
  });

  it('says who it is', async () => {
    const authorization = `Basic ${Buffer.from('bill:c@st').toString('base64')}`;
    const [origin, proxy] = [await serveTls(), await serveProxy({ authorization })];
    const proxyUrl = `http://bill:c%40st@127.0.0.1:${proxy.port}`;
    assert.equal(await post(origin, { ca, proxyUrl }), '200 POST /mail');
  });

  it('that says no is no connection, and says so', async () => {
    const [origin, proxy] = [await serveTls(), await serveProxy({ authorization: 'Basic x' })];
    const at = `127.0.0.1:${proxy.port}`;
    const says = `notStarted: the proxy ${at} answers 407 and makes no connection (${new URL(origin).host})`;
    assert.equal(await post(origin, { ca, proxyUrl: `http://${at}` }), says);
    const away = await post(origin, { ca, proxyUrl: 'http://127.0.0.1:1' });
    assert.equal(away, 'notStarted: ECONNREFUSED 127.0.0.1:1');
  });

  it('that never answers is no connection in time', async () => {
    const [origin, proxy] = [await serveTls(), await serveTcp(() => undefined)];
    const says = await post(origin, { ca, proxyUrl: `http://127.0.0.1:${proxy.port}` }, 200);
    assert.equal(says, `notStarted: no connection in time to ${new URL(origin).host}`);
  });

  it('to an http gateway asks the proxy to make the request', async () => {
    const proxy = await serveProxy();
    const gateway = await serveHttp(() => assert.fail('the proxy does not ask it'));
    const origin = `http://127.0.0.1:${gateway.port}`;
    assert.equal(await post(origin, { proxyUrl: `http://127.0.0.1:${proxy.port}` }), '200 forwarded');
    assert.deepEqual(proxy.asked, [`POST ${origin}/mail ${new URL(origin).host}`]);
  });
});
