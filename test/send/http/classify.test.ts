import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyLookup, classifySend } from '../../../src/send/http/classify.ts';
import type { HttpOutcome } from '../../../src/send/http/exchange.ts';

const context = { now: new Date('2026-11-25T09:00:00.500Z'), origin: 'https://gw.example.com' };
const answered = (status: number, facts: { retryAfter?: string; body?: string } = {}): HttpOutcome => ({
  ...{ kind: 'answered', status, retryAfter: '', body: '' },
  ...facts,
});
const kindOf = (status: number) => classifySend(answered(status), context).kind;

/** The protocol's table of statuses; whatever stands in no row is unknown. */
const table = new Map<number, string>([
  ...[400, 413, 422].map((status) => [status, 'refused'] as const),
  ...[408, 412, 429, 503].map((status) => [status, 'notSent'] as const),
  ...[401, 403, 404, 405].map((status) => [status, 'misconfigured'] as const),
]);
const expected = (status: number): string => {
  if (status < 300) return 'accepted';
  return status < 400 ? 'misconfigured' : (table.get(status) ?? 'unknown');
};

describe('the status of an answer to a send', () => {
  it('means what the table says, for every status there is', () => {
    for (let status = 200; status < 600; status++)
      assert.equal(kindOf(status), expected(status), `${status}`);
  });

  it('is told as the reason, where it is not accepted', () => {
    for (const status of [301, 401, 409, 422, 429, 500])
      assert.ok('reason' in classifySend(answered(status), context));
    assert.deepEqual(classifySend(answered(500), context), {
      ...{ kind: 'unknown', reason: 'HTTP_500', cause: 'HTTP 500' },
    });
  });

  it('carries the id that the provider gave, and none that is no id', () => {
    const idOf = (body: string) => {
      const answer = classifySend(answered(200, { body }), context);
      return answer.kind === 'accepted' ? answer.providerId : assert.fail(answer.kind);
    };
    assert.deepEqual(['{"id":"a-1"}', '{"id":17,"more":1}'].map(idOf), ['a-1', '17']);
    const none = ['', 'ok', '{}', '[]', 'null', '{"id":""}', '{"id":"a\\u0000b"}', '{"id":{}}'];
    for (const body of [...none, `{"id":"${'x'.repeat(201)}"}`]) assert.equal(idOf(body), undefined, body);
  });

  it('carries Retry-After, in seconds or as a date, up to an hour', () => {
    const waitOf = (retryAfter: string) => {
      const answer = classifySend(answered(429, { retryAfter }), context);
      return answer.kind === 'notSent' ? answer.retryAfterMs : assert.fail(answer.kind);
    };
    assert.deepEqual(['7', ' 0 ', '99999'].map(waitOf), [7_000, 0, 3_600_000]);
    assert.equal(waitOf('Wed, 25 Nov 2026 09:01:30 GMT'), 89_500);
    assert.equal(waitOf('Wed, 25 Nov 2026 08:00:00 GMT'), 0);
    assert.deepEqual(['', 'soon', '-5 apples'].map(waitOf), [undefined, undefined, undefined]);
  });
});

describe('a send without an answer', () => {
  it('was not sent when not a byte was written', () => {
    assert.deepEqual(classifySend({ kind: 'notStarted', because: 'TOO_LATE' }, context), {
      ...{ kind: 'notSent', reason: 'START_DEADLINE' },
    });
    assert.deepEqual(classifySend({ kind: 'notStarted', because: 'NO_CONNECTION' }, context), {
      ...{ kind: 'notSent', reason: 'NO_CONNECTION', trouble: 'unreachable' },
      cause: 'no connection to gw.example.com',
    });
  });

  it('is unknown when it was', () => {
    for (const because of ['TIME_OUT', 'CONNECTION'] as const)
      assert.equal(classifySend({ kind: 'broken', because }, context).kind, 'unknown');
  });
});

describe('an answer to a lookup', () => {
  it('200 is accepted, whoever is asked', () => {
    for (const trust of ['authoritative', 'advisory'] as const)
      assert.equal(classifyLookup(answered(200), trust), 'accepted');
  });

  it('404 is never by an authority only', () => {
    assert.equal(classifyLookup(answered(404), 'authoritative'), 'never');
    assert.equal(classifyLookup(answered(404), 'advisory'), 'cannotTell');
  });

  it('anything else tells nothing', () => {
    for (const status of [201, 204, 301, 401, 403, 405, 410, 429, 500, 503])
      assert.equal(classifyLookup(answered(status), 'authoritative'), 'cannotTell', `${status}`);
    assert.equal(classifyLookup({ kind: 'broken', because: 'TIME_OUT' }, 'authoritative'), 'cannotTell');
    assert.equal(
      classifyLookup({ kind: 'notStarted', because: 'NO_CONNECTION' }, 'authoritative'),
      'cannotTell',
    );
  });
});
