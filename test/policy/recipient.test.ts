import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isListed, parseRecipient } from '../../src/policy/recipient.ts';

function listOf(...written: readonly string[]) {
  return written.flatMap((text) => parseRecipient(text) ?? []);
}

describe('a list of recipients', () => {
  it('has domains, addresses and numbers, and nothing else', () => {
    assert.deepEqual(listOf('@Company.KR', ' qa@b.kr', '+82 10-1234-5678'), [
      { kind: 'domain', domain: 'company.kr' },
      { kind: 'email', to: 'qa@b.kr' },
      { kind: 'phone', to: '01012345678' },
    ]);
    for (const text of ['', '@', '@kr', 'company.kr', 'qa@', '12', '@a@b.kr x', '*@b.kr']) {
      const read = parseRecipient(text);
      assert.ok(read === undefined || (read.kind === 'email' && text.startsWith('*')), text);
    }
  });

  it('knows a contact however it is written', () => {
    const list = listOf('@company.kr', 'QA@b.kr', '010-1234-5678');
    for (const [contact, to] of [
      ['email', 'kim@company.kr'],
      ['email', 'Kim@COMPANY.kr'],
      ['email', 'qa@B.KR'],
      ['phone', '01012345678'],
      ['phone', '010-1234-5678'],
      ['phone', '+821012345678'],
    ] as const) {
      assert.ok(isListed(list, contact, to), to);
    }
  });

  it('has nobody else on it', () => {
    const list = listOf('@company.kr', 'qa@b.kr', '01012345678');
    for (const [contact, to] of [
      ['email', 'kim@mail.company.kr'],
      ['email', 'kim@notcompany.kr'],
      ['email', 'kim@company.kr.evil.com'],
      ['email', '"kim@company.kr"@evil.com'],
      ['email', 'other@b.kr'],
      ['email', ''],
      ['phone', '01012345679'],
      ['phone', ''],
      ['phone', 'kim@company.kr'],
    ] as const) {
      assert.ok(!isListed(list, contact, to), to);
    }
    assert.ok(!isListed([], 'email', 'kim@company.kr'));
  });
});
