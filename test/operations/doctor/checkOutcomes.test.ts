import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeOutcomes, judgeWebhooks } from '../../../src/operations/doctor/checkOutcomes.ts';

const works = { failures: 0, failingSince: null, lastAnswer: 'HTTP 200' };
const shop = { id: 'shop', disabledWhy: null, behind: 3, ...works };
const set = { isOn: true, key: 'k', timeZone: 'Asia/Seoul' };

describe('what doctor says of outcomes', () => {
  it('is whether they go out, and how far the topic has come', () => {
    assert.equal(judgeOutcomes({ on: undefined, last: 0, published: 0 }).text, 'off');
    assert.match(
      judgeOutcomes({ on: { since: new Date(), by: 'person a' }, last: 9, published: 7 }).text,
      /^on, 7 of 9/,
    );
  });

  it('is what keeps webhooks from getting them', () => {
    assert.deepEqual(judgeWebhooks([], set), []);
    assert.equal(judgeWebhooks([shop], set)[0]?.verdict, 'ok');
    assert.match(judgeWebhooks([shop], { ...set, key: undefined })[0]?.text ?? '', /set WEBHOOK_KEY/);
    assert.match(judgeWebhooks([shop], { ...set, isOn: false })[0]?.text ?? '', /outcomes on/);
    const disabled = judgeWebhooks([shop, { ...shop, id: 'old', disabledWhy: 'it answered 410 Gone' }], set);
    assert.deepEqual(
      disabled.map(({ verdict, text }) => [verdict, text]),
      [['warn', 'old is disabled, 3 behind (it answered 410 Gone): `billcast webhook enable old`']],
    );
    const failing = { failures: 2, failingSince: new Date('2026-11-28T00:00:00Z'), lastAnswer: 'HTTP 500' };
    assert.match(
      judgeWebhooks([{ ...shop, ...failing }], set)[0]?.text ?? '',
      /^shop fails since 2026-11-28 09:00:00 \(Asia\/Seoul\), 2 tries in a row, 3 behind \(HTTP 500\)/,
    );
  });
});
