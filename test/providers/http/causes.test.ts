import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { connectionCause, statusCause } from '../../../src/providers/http/causes.ts';
import { createGatewayPool, type GatewayPool } from '../../../src/providers/http/gatewayPool.ts';
import { replyCause } from '../../../src/providers/smtp/smtpCauses.ts';
import { serveTcp } from '../../support/httpServer.ts';
import { assertReadOnce } from '../../support/textReading.ts';

const pools: GatewayPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.destroy())));

async function causeOf(origin: string, connectTimeoutMs = 30_000): Promise<string> {
  const url = new URL(origin);
  const pool = createGatewayPool({
    url,
    connections: 1,
    connectTimeoutMs,
    keepAliveMs: 4_000,
    settings: {},
  });
  pools.push(pool);
  const outcome = await pool.exchange({
    method: 'POST',
    path: '/',
    headers: {},
    body: Buffer.from(''),
    mayStart: () => true,
    timeLimitMs: 30_000,
  });
  return outcome.kind === 'answered' ? assert.fail('answered') : connectionCause(outcome.error, origin);
}

describe('the cause of a failed connection', { concurrency: true }, () => {
  it('names the fault and whom it concerns', async () => {
    assert.equal(await causeOf('https://typo.invalid'), 'ENOTFOUND typo.invalid');
    assert.equal(await causeOf('http://127.0.0.1:1'), 'ECONNREFUSED 127.0.0.1:1');
  });

  it('names a fault of TLS', async () => {
    const { port } = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    assert.match(await causeOf(`https://127.0.0.1:${port}`), /^ERR_SSL_\w+ 127\.0\.0\.1:\d+$/);
  });

  it('names a connection that is not made in time, and one that is closed', async () => {
    const silent = await serveTcp(() => undefined);
    const at = `127.0.0.1:${silent.port}`;
    assert.equal(await causeOf(`https://${at}`, 300), `no connection in time to ${at}`);
    const closing = await serveTcp((socket) => socket.once('data', () => socket.end()));
    const cause = await causeOf(`http://127.0.0.1:${closing.port}`);
    assert.equal(cause, `the other side closed the connection: 127.0.0.1:${closing.port}`);
  });

  it('looks beneath an error of several addresses, and beneath a cause', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED', address: '::1', port: 80 });
    assert.equal(connectionCause(new AggregateError([refused], ''), 'http://a'), 'ECONNREFUSED ::1:80');
    const expired = Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' });
    const wrapped = new Error('failed', { cause: expired });
    assert.equal(connectionCause(wrapped, 'https://gw.kr'), 'CERT_HAS_EXPIRED gw.kr');
    assert.equal(connectionCause(undefined, 'https://gw.kr'), 'no connection to gw.kr');
  });
});

describe('the cause in a status', () => {
  it('has the first words of the body', () => {
    assert.equal(statusCause(402, 'Payment required'), 'HTTP 402: Payment required');
    assert.equal(statusCause(402, '잔액이 부족합니다'), 'HTTP 402: 잔액이 부족합니다');
    assert.equal(statusCause(500, ''), 'HTTP 500');
  });

  it('has the title of a page, and the error of JSON', () => {
    const page = '<html><head><title>400 Bad Request</title></head><body>x</body></html>';
    assert.equal(statusCause(400, page), 'HTTP 400: Bad Request');
    assert.equal(statusCause(503, 'default backend - 404'), 'HTTP 503: default backend - #');
    assert.equal(statusCause(404, '<h1>Not\n Found</h1>'), 'HTTP 404: Not Found');
    assert.equal(statusCause(401, '{"error":"wrong token"}'), 'HTTP 401: wrong token');
    assert.equal(statusCause(402, '{"error":{"message":"no credit left"}}'), 'HTTP 402: no credit left');
    assert.equal(statusCause(422, '{"to":"kim@example.com"}'), 'HTTP 422');
  });

  it('has no number and no address of a person', () => {
    const bodies = [
      'no such number 010-1234-5678 here',
      'no such number +82 (10) 1234.5678 here',
      'no such number 01012345678 here',
      'no such number ０１０１２３４５６７８ here',
    ];
    for (const body of bodies) assert.equal(statusCause(422, body), 'HTTP 422: no such number # here', body);
    assert.equal(statusCause(422, 'unknown recipient hong.gildong@naver.com'), 'HTTP 422: unknown recipient');
  });

  it('has nothing of a request that is sent back', () => {
    const sent = '{"billId":5,"to":"a@b.kr","text":"홍*동님"}';
    assert.equal(statusCause(422, sent), 'HTTP 422');
    assert.equal(statusCause(422, `cannot take ${sent}`), 'HTTP 422: cannot take');
    assert.equal(statusCause(422, "cannot take '홍길동'"), 'HTTP 422: cannot take');
    assert.equal(statusCause(422, JSON.stringify({ error: `bad body ${sent}` })), 'HTTP 422: bad body');
  });

  it('is short, whatever the body', () => {
    assert.ok(statusCause(500, 'words '.repeat(9_999)).length < 120);
  });
});

describe('the words of an answer of any text', () => {
  it('are read once, however long it is', () => {
    assertReadOnce((text) => statusCause(500, text));
    assertReadOnce((text) => replyCause({ code: 550, enhanced: undefined, text }, 'hong@example.com'));
  });

  it('are without numbers and their signs', () => {
    assert.equal(statusCause(500, 'call +82 (0)10 1234, or ((+7'), 'HTTP 500: call # , or #');
  });
});
