import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import type { SessionFacts } from '../../../src/api/contract/sessionContract.ts';
import { toldOf } from '../../../src/api/told/toldOf.ts';
import { session } from '../../../src/dashboard/app/session.ts';
import { language } from '../../../src/dashboard/words/language.ts';
import { toldText } from '../../../src/dashboard/words/toldWords.ts';

const facts: Omit<SessionFacts, 'channels'> = {
  name: 'ann',
  roles: [],
  permissions: [],
  source: 'loopback',
  expiresAt: null,
  billIdKind: 'bigint',
};

describe('what the server says, on the page', () => {
  before(() => {
    const channels = [{ channel: 'EMAIL', label: 'e-mail', labelInKorean: '이메일' } as const];
    session.value = { kind: 'in', facts: { ...facts, channels } };
  });
  afterEach(() => {
    language.value = 'en';
  });

  const cases = [
    [
      '9 of 12 refused: HTTP 402: no credit left',
      '9 of 12 bills were refused · The provider answered 402: no credit left',
      '12건 중 9건이 거절됨 · 발송 업체 응답 402: no credit left',
    ],
    [
      'failed: 412 of 1,000 bills (41.2 %), limit 1 %, mostly TEMPLATE_FAILED (400)',
      'Failed before the send: 412 of 1,000 bills (41.2 %), limit 1 %, ' +
        'mostly TEMPLATE_FAILED (The template could not show the bill): 400',
      '발송 전 실패: 1,000건 중 412건 (41.2 %), 상한 1 %, 주로 TEMPLATE_FAILED (템플릿 오류) 400건',
    ],
    [
      'a brake is on: e-mail by ses: unreachable: ECONNREFUSED 10.0.0.7:443',
      'A brake is on · e-mail, ses, the provider is unreachable · 10.0.0.7:443 refused the connection (ECONNREFUSED)',
      '브레이크가 걸려 있음 · 이메일, ses, 발송 업체에 연결되지 않음 · 10.0.0.7:443: 연결을 거부함 (ECONNREFUSED)',
    ],
    [
      'run 2026-11: it is DONE, so it cannot be approved: now it can be closed',
      'The run: Done. It cannot be approved now',
      '발송 상태: 완료. 지금은 승인할 수 없음',
    ],
    [
      'no bill of this selection can be planned: 1,200 are released or cancelled already; 1 is unknown',
      'None of its bills can be planned. 1,200 bills: released or cancelled already · 1 bill: unknown',
      '계획할 수 있는 청구서가 없음. 1,200건: 이미 발행되었거나 취소됨 · 1건: 알 수 없음',
    ],
    [
      'This needs the permission control: the role operator or admin. A token may have several roles, joined by +.',
      'The role operator or admin is needed',
      '필요한 역할: operator, admin',
    ],
    ['Konto gesperrt', 'Konto gesperrt', 'Konto gesperrt'],
  ] as const;
  for (const [sentence, english, korean] of cases) {
    it(`has words in both languages: ${sentence}`, () => {
      language.value = 'en';
      assert.equal(toldText(toldOf(sentence)), english);
      language.value = 'ko';
      assert.equal(toldText(toldOf(sentence)), korean);
    });
  }
});
