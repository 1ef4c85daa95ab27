import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerParser } from '../../../src/providers/http/answerParser.ts';
import type { HttpRequest } from '../../../src/providers/http/exchange.ts';

const request: HttpRequest = {
  method: 'POST',
  path: '/',
  headers: {},
  mayStart: () => true,
  timeLimitMs: 1_000,
  keepsHeaders: true,
};

/** Reads the pieces one after the other, as the answer to a request. */
function readAll(pieces: readonly string[], facts: { largest?: number; ends?: boolean } = {}) {
  const parser = new AnswerParser();
  parser.expect(facts.largest);
  const fault = pieces.map((piece) => parser.read(Buffer.from(piece, 'latin1'))).find(Boolean);
  const isEnd = facts.ends === true && fault === undefined && parser.finish();
  const { isWhole, mayIdleMs } = parser;
  const answer = parser.answer(request);
  parser.free();
  return { ...answer, isWhole, mayIdleMs, isEnd, fault: fault?.message };
}

const whole =
  'HTTP/1.1 202 Accepted\r\nDate: Wed, 25 Nov 2026 09:00:00 GMT\r\nX-Empty:\r\nSet-Cookie: a=1\r\n' +
  'Set-Cookie: b=2\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 10\r\n\r\n{"id":"1"}';
const chunked =
  'HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\nHTTP/1.1 429 Too Many\r\nRetry-After: 3\r\n' +
  'Transfer-Encoding: chunked\r\nTrailer: Date\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nDate: never\r\n\r\n';

describe('an answer', () => {
  it('is read the same wherever it is cut', () => {
    for (const text of [whole, chunked]) {
      const atOnce = readAll([text]);
      assert.deepEqual([atOnce.isWhole, atOnce.fault], [true, undefined]);
      for (let at = 1; at < text.length; at++) {
        assert.deepEqual(readAll([text.slice(0, at), text.slice(at)]), atOnce, `cut at ${at}`);
        assert.equal(readAll([text.slice(0, at)]).isWhole, false, `ends at ${at}`);
      }
      assert.deepEqual(readAll([...text]), atOnce);
    }
  });

  it('has its status, headers and body', () => {
    const { status, date, retryAfter, body, headers, mayIdleMs } = readAll([whole]);
    assert.deepEqual([status, retryAfter, body], [202, '', '{"id":"1"}']);
    assert.equal(date, 'Wed, 25 Nov 2026 09:00:00 GMT');
    assert.deepEqual(headers?.['set-cookie'], ['a=1', 'b=2']);
    assert.equal(headers?.['x-empty'], '');
    assert.equal(mayIdleMs, 4_000, 'a second less than the server says');
  });

  it('is the final one, and without what comes behind its body', () => {
    const { status, date, retryAfter, body, headers } = readAll([chunked]);
    assert.deepEqual([status, date, retryAfter, body], [429, '', '3', 'hello world']);
    assert.deepEqual(headers, { 'retry-after': '3', 'transfer-encoding': 'chunked', trailer: 'Date' });
  });

  it('without a length is whole if the server closes the connection, which is not used again', () => {
    const text = 'HTTP/1.1 200 OK\r\n\r\nhello';
    const open = readAll([text]);
    assert.deepEqual([open.isWhole, open.status, open.body], [false, 200, '']);
    const ended = readAll([text], { ends: true });
    assert.deepEqual([ended.isEnd, ended.body, ended.mayIdleMs], [true, 'hello', 0]);
    assert.equal(readAll([whole.slice(0, -1)], { ends: true }).isEnd, false);
  });

  it('has no body that is larger than it may be', () => {
    assert.equal(readAll([whole], { largest: 10 }).body, '{"id":"1"}');
    const { status, body, fault } = readAll([whole], { largest: 9 });
    assert.deepEqual([status, body], [202, '']);
    assert.match(fault ?? '', /^not as in HTTP\/1\.1/);
  });

  it('may have headers of any name', () => {
    const { headers } = readAll(['HTTP/1.1 204 x\r\n__proto__: a\r\nconstructor: b\r\n\r\n']);
    assert.deepEqual(Object.entries(headers ?? {}), [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('what is no answer', () => {
  const wrong = {
    'other words': 'hello\r\n\r\n',
    'another protocol': 'HTTP/3.0 200 OK\r\n\r\n',
    'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    'a length that is none': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
    'a length beside chunks': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n',
    'a chunk without a size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello\r\n',
    'another protocol from here on': 'HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    'a head without end': `HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1_000)}\r\n`.repeat(70)}`,
  };
  for (const [name, text] of Object.entries(wrong)) {
    it(`is a fault: ${name}`, () => assert.notEqual(readAll([text]).fault, undefined));
  }

  it('is a fault behind a whole answer, and before there was a request', () => {
    const twice = readAll([whole + whole]);
    assert.deepEqual([twice.isWhole, twice.body], [true, '{"id":"1"}']);
    assert.notEqual(twice.fault, undefined);
    const parser = new AnswerParser();
    assert.notEqual(parser.read(Buffer.from(whole)), undefined);
    parser.free();
  });
});
