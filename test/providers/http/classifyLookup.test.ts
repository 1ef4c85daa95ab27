import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyLookup, type LookupTrust } from '../../../src/providers/http/classifyLookup.ts';
import type { HttpOutcome } from '../../../src/providers/http/exchange.ts';

const key = '5:EMAIL:1';
function answered(status: number, body: string): HttpOutcome {
  return {
    kind: 'answered',
    status,
    retryAfter: '',
    date: '',
    body,
  };
}
function answerTo(status: number, body: string, trust: LookupTrust = 'authoritative') {
  return classifyLookup(answered(status, body), key, trust);
}
const accepted = `{"key":"${key}","id":"a-1"}`;
const notSeen = `{"key":"${key}","status":"not seen"}`;

describe('an answer to a look-up', () => {
  it('200 with our key and an id is accepted, whoever is asked', () => {
    for (const trust of ['authoritative', 'advisory'] as const) {
      assert.equal(answerTo(200, accepted, trust), 'accepted');
    }
    assert.equal(answerTo(200, `{"key":"${key}","id":17}`), 'accepted');
  });

  it('404 with our key and "not seen" is never, by an authority only', () => {
    assert.equal(answerTo(404, notSeen), 'never');
    assert.equal(answerTo(404, notSeen, 'advisory'), 'cannotTell');
  });

  it('of a proxy, a login page or another message proves nothing', () => {
    const bodies = ['', 'default backend - 404', '<html>Sign in</html>', '[]', 'null', '{}', '{"id":"a-1"}'];
    const others = ['{"key":"6:EMAIL:1","id":"a-2"}', '{"key":"6:EMAIL:1","status":"not seen"}'];
    const nearly = [`{"key":"${key}"}`, `{"key":"${key}","status":"unknown"}`, '{"status":"not seen"}'];
    for (const body of [...bodies, ...others, ...nearly]) {
      for (const status of [200, 404]) {
        assert.equal(answerTo(status, body), 'cannotTell', `${status} ${body}`);
      }
    }
  });

  it('that contradicts its status, or has any other, proves nothing', () => {
    assert.equal(answerTo(200, notSeen), 'cannotTell');
    assert.equal(answerTo(404, accepted), 'cannotTell');
    for (const status of [201, 204, 301, 401, 403, 405, 410, 429, 500, 503]) {
      for (const body of [accepted, notSeen]) assert.equal(answerTo(status, body), 'cannotTell', `${status}`);
    }
  });

  it('that never came proves nothing', () => {
    const broken: HttpOutcome = { kind: 'broken', because: 'TIME_OUT' };
    const notStarted: HttpOutcome = { kind: 'notStarted', because: 'NO_CONNECTION' };
    for (const outcome of [broken, notStarted]) {
      assert.equal(classifyLookup(outcome, key, 'authoritative'), 'cannotTell');
    }
  });
});
