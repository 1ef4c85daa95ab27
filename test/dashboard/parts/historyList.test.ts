import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineInKorean } from '../../../src/dashboard/parts/historyList.ts';

function textOf(outcome: string, reason: string | null): string {
  const channel = 'EMAIL' as const;
  const entry = { finishedAt: '2026-11-01T00:00:00Z', channel, cycle: 1, actor: 'dispatcher a' };
  return lineInKorean({ ...entry, outcome, reason }).text;
}

describe('a line of the history in Korean', () => {
  it('says a refusal once', () => {
    assert.equal(textOf('REFUSED', 'EMAIL_REFUSED'), '1회차 EMAIL: 발송 업체가 영구 거절 (dispatcher a)');
  });

  it('says why, if the reason says more than the outcome', () => {
    assert.equal(
      textOf('REFUSED', 'HTTP_410'),
      '1회차 EMAIL: 발송 업체가 영구 거절: 발송 업체 응답 410 (dispatcher a)',
    );
    assert.equal(
      textOf('NOT_SENT', 'OWN_CODE'),
      '1회차 EMAIL: 발송되지 않음, 다시 시도 예정: OWN_CODE (dispatcher a)',
    );
    assert.equal(textOf('RESENT', null), '1회차 EMAIL: 담당자가 재발송 (dispatcher a)');
  });
});
