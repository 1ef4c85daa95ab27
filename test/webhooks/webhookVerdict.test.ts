import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeWebhook, retryDelaysMs } from '../../src/webhooks/webhookVerdict.ts';

function answered(status: number, retryAfter = '') {
  return { kind: 'answered', status, retryAfter } as const;
}
const away = { kind: 'unanswered', cause: 'ECONNREFUSED' } as const;

describe('the answer of a webhook', () => {
  it('is a delivery only with a 2xx', () => {
    assert.equal(judgeWebhook(answered(204), 3, 0).kind, 'delivered');
    for (const status of [199, 301, 307, 400, 401, 404, 429, 500, 503]) {
      assert.equal(judgeWebhook(answered(status), 0, 0).kind, 'again', String(status));
    }
    assert.equal(judgeWebhook(away, 0, 0).kind, 'again');
  });

  it('is waited for longer with each failure, for about three days, and then no more', () => {
    const waits = retryDelaysMs.map((_, failures) => judgeWebhook(away, failures, 0));
    assert.deepEqual(
      waits,
      retryDelaysMs.map((delayMs) => ({ kind: 'again', delayMs })),
    );
    const hours = retryDelaysMs.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    assert.ok(hours > 72 && hours < 80, String(hours));
    assert.deepEqual(judgeWebhook(away, retryDelaysMs.length, 0), {
      kind: 'disable',
      why: '10 tries in a row failed',
    });
  });

  it('may ask for a longer wait, never for a shorter one', () => {
    assert.deepEqual(judgeWebhook(answered(429, '600'), 0, 0), { kind: 'again', delayMs: 600_000 });
    assert.deepEqual(judgeWebhook(answered(503, '1'), 1, 0), { kind: 'again', delayMs: 300_000 });
  });

  it('disables it if the endpoint is gone', () => {
    assert.equal(judgeWebhook(answered(410), 0, 0).kind, 'disable');
  });

  it('is tried again at another moment than others', () => {
    assert.deepEqual(judgeWebhook(away, 1, 0.5), { kind: 'again', delayMs: 315_000 });
  });
});
