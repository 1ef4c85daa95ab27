import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpRequest } from '../../../src/providers/http/exchange.ts';
import { requestHead } from '../../../src/providers/http/requestHead.ts';

function headOf(facts: Partial<HttpRequest>, keepsAlive = true): string {
  const request = {
    method: 'POST',
    path: '/mail',
    headers: {},
    mayStart: () => true,
    timeLimitMs: 1,
  } as const;
  return requestHead({ ...request, ...facts }, { host: 'gw.kr:8080', keepsAlive });
}

describe('the head of a request', () => {
  it('has its headers, and the length of its body', () => {
    const head = headOf({ headers: { 'idempotency-key': '5:EMAIL:1' }, body: new Uint8Array(7) });
    const lines = 'POST /mail HTTP/1.1|host: gw.kr:8080|connection: keep-alive|idempotency-key: 5:EMAIL:1';
    assert.equal(head, `${lines}|content-length: 7||`.replaceAll('|', '\r\n'));
    assert.match(headOf({}), /\r\ncontent-length: 0\r\n\r\n$/);
    assert.doesNotMatch(headOf({ method: 'GET' }), /content-length/);
    assert.match(headOf({}, false), /\r\nconnection: close\r\n/);
  });

  it('names another host if the request does', () => {
    const head = headOf({ headers: { host: 'other.kr' } });
    assert.deepEqual(head.match(/host: .*/g), ['host: other.kr']);
  });

  it('has no line that the caller smuggles in, and nothing that says where the request ends', () => {
    assert.throws(() => headOf({ path: '/mail HTTP/1.1\r\nx: y' }), TypeError);
    assert.throws(() => headOf({ headers: { 'idempotency-key': '5\r\nx: y' } }), TypeError);
    assert.throws(() => headOf({ headers: { 'x: y\r\nz': '' } }), TypeError);
    for (const name of ['content-length', 'Transfer-Encoding', 'connection', 'expect', 'upgrade']) {
      assert.throws(() => headOf({ headers: { [name]: '1' } }), TypeError, name);
    }
  });
});
