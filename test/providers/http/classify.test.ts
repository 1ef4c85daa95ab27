import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifySend } from '../../../src/providers/http/classify.ts';
import type { HttpOutcome } from '../../../src/providers/http/exchange.ts';

const key = '5:EMAIL:1';
const context = {
  key,
  origin: 'https://gw.example.com',
  now: new Date('2026-11-25T09:00:00.500Z'),
  deadlinePassed: false,
};
function answered(
  status: number,
  facts: { retryAfter?: string; date?: string; body?: string } = {},
): HttpOutcome {
  return { kind: 'answered', status, retryAfter: '', date: '', body: '', ...facts };
}
function answerTo(status: number, body: string) {
  return classifySend(answered(status, { body }), context);
}

const bodies = {
  none: '',
  text: 'ok',
  page: '<html><title>Welcome</title></html>',
  json: '{"error":"no"}',
  list: '[]',
  cut: '{"key":"5:EMAI',
  number: '5',
  null: 'null',
  key: `{"key":"${key}"}`,
  id: '{"id":"a-1"}',
  numberId: '{"id":17}',
  notTaken: `{"key":"${key}","status":"not taken"}`,
  notTakenOther: '{"status":"not taken"}',
  another: '{"key":"6:EMAIL:1","id":"a-2","status":"not taken"}',
} as const;
type BodyName = keyof typeof bodies;
const bodyNames = Object.keys(bodies) as BodyName[];
const json = new Set<BodyName>([
  ...(['json', 'list', 'key', 'id', 'numberId', 'notTaken', 'notTakenOther'] as const),
]);

/** CONTRACT's table, row by row, written down once more. */
function expected(status: number, body: BodyName): string {
  if (body === 'another') return 'unknown';
  if (status < 300) return ['key', 'id', 'numberId'].includes(body) ? 'accepted' : 'unknown';
  if (status < 400) return 'misconfigured';
  if ([400, 413, 422].includes(status) && json.has(body)) return 'refused';
  if ([412, 429].includes(status)) return 'notSent';
  if ([408, 409, 503].includes(status) && body === 'notTaken') return 'notSent';
  return [400, 401, 402, 403, 404, 405].includes(status) ? 'misconfigured' : 'unknown';
}

describe('an answer to a send', () => {
  it('means what the table says, for every status and every kind of body', () => {
    for (let status = 200; status < 600; status++) {
      for (const name of bodyNames) {
        assert.equal(answerTo(status, bodies[name]).kind, expected(status, name), `${status} ${name}`);
      }
    }
  });

  it('has its reason and its cause, if it is not accepted', () => {
    for (let status = 200; status < 600; status++) {
      const answer = answerTo(status, 'out of order');
      assert.ok(answer.kind !== 'accepted' && answer.cause === `HTTP ${status}: out of order`);
      assert.equal(answer.reason, `HTTP_${status}`);
    }
  });

  it('about another message proves nothing, also if it says that it was refused', () => {
    assert.deepEqual(answerTo(422, bodies.another), {
      kind: 'unknown',
      reason: 'ANSWER_OF_ANOTHER',
      cause: 'HTTP 422 with the key of another message',
    });
    // A key of the gateway's own is no message.
    assert.equal(answerTo(422, '{"key":"invalid_address"}').kind, 'refused');
    assert.equal(answerTo(200, '{"key":"tenant","id":"1"}').kind, 'accepted');
  });

  it('says what is wrong with the provider, and whether it may be one bill alone', () => {
    const troubleOf = (status: number, body = '') => {
      const answer = answerTo(status, body);
      return answer.kind === 'notSent' ? answer.trouble : assert.fail(answer.kind);
    };
    assert.deepEqual([troubleOf(429), troubleOf(503, bodies.notTaken)], ['pace', 'busy']);
    for (const status of [301, 400, 401, 402, 403, 404, 405]) {
      const answer = answerTo(status, '');
      assert.equal(answer.kind === 'misconfigured' && answer.scope, 'settingsOrBill', String(status));
    }
  });

  it('carries the id that the provider gave, and none that is no id', () => {
    const idOf = (body: string) => {
      const answer = answerTo(200, body);
      return answer.kind === 'accepted' ? answer.providerId : answer.kind;
    };
    assert.deepEqual(['{"id":"a-1"}', '{"id":17,"more":1}'].map(idOf), ['a-1', '17']);
    assert.equal(idOf(bodies.key), undefined);
    for (const body of ['{"id":""}', '{"id":null}', '{"id":{}}', '{"id":true}', '{"key":""}']) {
      assert.equal(idOf(body), 'unknown', body);
    }
  });

  it('carries Retry-After, in seconds or as a date, up to an hour', () => {
    const waitOf = (retryAfter: string, status = 429, body = '') => {
      const answer = classifySend(answered(status, { retryAfter, body }), context);
      return answer.kind === 'notSent' ? answer.retryAfterMs : assert.fail(answer.kind);
    };
    assert.deepEqual(
      ['7', ' 0 ', '99999'].map((text) => waitOf(text)),
      [7_000, 0, 3_600_000],
    );
    assert.equal(waitOf('Wed, 25 Nov 2026 09:01:30 GMT'), 89_500);
    assert.equal(waitOf('Wed, 25 Nov 2026 08:00:00 GMT'), 0);
    assert.deepEqual(
      ['', 'soon', '-5 apples'].map((text) => waitOf(text)),
      [undefined, undefined, undefined],
    );
    assert.deepEqual([waitOf('7', 412), waitOf('7', 503, bodies.notTaken)], [7_000, 7_000]);
  });
});

describe('a 412', () => {
  const tooLate = (facts: { date?: string; deadlinePassed?: boolean }) =>
    classifySend(answered(412, { date: facts.date ?? '' }), {
      ...context,
      deadlinePassed: facts.deadlinePassed ?? false,
    });

  it('past the deadline is the truth: nothing is wrong with anybody', () => {
    const date = 'Wed, 25 Nov 2026 09:00:07 GMT';
    assert.deepEqual(tooLate({ deadlinePassed: true, date }), {
      kind: 'notSent',
      reason: 'HTTP_412',
      cause: 'HTTP 412',
      retryAfterMs: undefined,
    });
  });

  it('before the deadline, from a clock that is ahead, is named as such', () => {
    assert.deepEqual(tooLate({ date: 'Wed, 25 Nov 2026 09:00:07 GMT' }), {
      kind: 'misconfigured',
      reason: 'CLOCK_SKEW',
      scope: 'settings',
      cause: "HTTP 412: the gateway's clock is 7 s ahead of this machine's, set both by NTP",
    });
  });

  it('before the deadline, without such a clock, is trouble of the provider', () => {
    for (const date of ['', 'today', 'Wed, 25 Nov 2026 09:00:01 GMT', 'Wed, 25 Nov 2026 08:00:00 GMT']) {
      const answer = tooLate({ date });
      assert.deepEqual([answer.kind, answer.kind === 'notSent' && answer.trouble], ['notSent', 'busy'], date);
    }
  });
});

describe('a send without an answer', () => {
  it('was not sent when not a byte was written', () => {
    assert.deepEqual(classifySend({ kind: 'notStarted', because: 'TOO_LATE' }, context), {
      kind: 'notSent',
      reason: 'START_DEADLINE',
    });
    assert.deepEqual(classifySend({ kind: 'notStarted', because: 'NO_CONNECTION' }, context), {
      kind: 'notSent',
      reason: 'NO_CONNECTION',
      trouble: 'unreachable',
      cause: 'no connection to gw.example.com',
    });
  });

  it('is unknown when it was', () => {
    for (const because of ['TIME_OUT', 'CONNECTION'] as const) {
      const answer = classifySend({ kind: 'broken', because }, context);
      assert.ok(answer.kind === 'unknown' && answer.cause?.endsWith('gw.example.com'));
    }
  });
});
