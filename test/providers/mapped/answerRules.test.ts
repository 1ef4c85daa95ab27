import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AnswerParts, compileAnswers } from '../../../src/providers/mapped/answerRules.ts';
import { type Answers, answerList } from '../../../src/providers/mapped/answerSchema.ts';
import { valuesAt } from '../../../src/providers/mapped/jsonPointer.ts';

function parts(status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): AnswerParts {
  const text = JSON.stringify(json) ?? '';
  return { status, json, text, header: (name) => headers[name], retryAfterMs: 3_000 };
}

function judge(answers: unknown, given: AnswerParts) {
  const fields: Readonly<Record<string, string>> = { key: '5:SMS:1', to: '01012345678' };
  return compileAnswers(answerList.parse(answers) as Answers)(given, (field) => fields[field] ?? '');
}

const answers = {
  code: '/code',
  cause: '/message',
  rules: [
    { status: 200, body: { '/key': '{{key}}', '/ok': true }, means: 'accepted', id: '/ids/0' },
    { status: [400, '5xx'], body: { '/code': { in: [7, 'x'] } }, means: 'refused' },
    { body: { '/list/*/code': { matches: '^E' } }, means: 'settingsOrBill', reason: 'SOME_E' },
    { status: 429, means: 'pace' },
    { status: 202, header: { 'x-id': '^m-' }, means: 'accepted', idHeader: 'x-id' },
    { status: 403, body: { '/gone': { present: false } }, means: 'settings' },
  ],
};

describe('the rules of answers', () => {
  it('mean what the first that fits says', () => {
    const accepted = { key: '5:SMS:1', ok: true, ids: ['i-1'] };
    assert.deepEqual(judge(answers, parts(200, accepted)), { kind: 'accepted', providerId: 'i-1' });
    assert.equal(judge(answers, parts(200, { ...accepted, key: '6:SMS:1' })).kind, 'unknown');
    assert.equal(judge(answers, parts(200, { ...accepted, ok: 'true' })).kind, 'unknown', 'in its own type');
    assert.equal(judge(answers, parts(503, { code: 'x' })).kind, 'refused');
    assert.equal(judge(answers, parts(401, { code: 'x' })).kind, 'unknown');
    assert.deepEqual(judge(answers, parts(202, undefined, { 'x-id': 'm-9' })), {
      kind: 'accepted',
      providerId: 'm-9',
    });
    assert.equal(judge(answers, parts(202, undefined, { 'x-id': '9' })).kind, 'unknown');
    const paced = judge(answers, parts(429, undefined));
    assert.ok(paced.kind === 'notSent' && paced.trouble === 'pace' && paced.retryAfterMs === 3_000);
    const settings = judge(answers, parts(403, { a: 1 }));
    assert.ok(settings.kind === 'misconfigured' && settings.scope === 'settings');
  });

  it('keep the code and the first words, without numbers and addresses', () => {
    const answer = judge(answers, parts(500, { code: 'bad.to', message: 'no 010-1234-5678 a@b.kr here' }));
    assert.deepEqual(answer, { kind: 'unknown', reason: 'ANSWER_BAD_TO', cause: 'HTTP 500: no # here' });
    for (const code of ['bad.to 01012345678', 'to.010-1234-5678', '홍길동', 'aG9uZ0BleGFtcGxl']) {
      const { reason } = judge(answers, parts(500, { code })) as { readonly reason: string };
      assert.equal(reason, 'HTTP_500', code);
    }
    const named = judge(answers, parts(200, { list: [{ code: 'A' }, { code: 'E1' }] }));
    assert.ok(named.kind === 'misconfigured' && named.reason === 'SOME_E');
    assert.deepEqual(judge(answers, parts(502, undefined)), {
      kind: 'unknown',
      reason: 'HTTP_502',
      cause: 'HTTP 502',
    });
  });

  it('call no answer accepted, refused or not taken without the evidence, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, json) => {
        const { kind } = judge(answers, parts(status, json));
        const mayBeKnown = status === 429 || status === 403 || JSON.stringify(json).includes('code');
        assert.ok(mayBeKnown || kind === 'unknown');
      }),
    );
  });
});

describe('a JSON pointer', () => {
  it('finds what it names, and nothing of a prototype', () => {
    const json = { 'a/b': { '~': [{ id: 1 }, { id: 2 }, {}] }, list: [[1], [2]] };
    assert.deepEqual(valuesAt(json, '/a~1b/~0/*/id'), [1, 2]);
    assert.deepEqual(valuesAt(json, '/list/1/0'), [2]);
    assert.deepEqual(valuesAt(json, ''), [json]);
    assert.deepEqual(valuesAt(json, '/constructor'), []);
    assert.deepEqual(valuesAt(undefined, '/a'), []);
    assert.deepEqual(valuesAt(undefined, ''), []);
  });
});
