import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadedText } from '../../src/render/bill/parseSourceBill.ts';
import { createRenderer } from '../../src/render/bill/renderer.ts';
import type { SourceBill } from '../../src/render/bill/sourceBill.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { type SampleMember, sampleMember } from '../../src/sample/member.ts';
import { membersPerOddity, withOddity } from '../../src/sample/oddities.ts';
import { testCipherOptions } from '../render/bill/testCiphers.ts';
import { compileOurTemplates } from '../support/ourTemplates.ts';

const renderer = createRenderer({
  templates: await compileOurTemplates(),
  ciphers: createFieldCiphers(testCipherOptions({ fallback: 'none' })),
  timeZone: 'Asia/Seoul',
});

const odd = Array.from({ length: 24 }, (_, index) =>
  sampleMember(1, BigInt(index + 1) * membersPerOddity, '2026-11-01'),
);

function textOf(member: SampleMember): string {
  const last = member.bills.at(-1);
  assert.ok(last !== undefined);
  const payment = { paymentOwnerName: member.payment.ownerName, paymentName: member.payment.name };
  const { billingMonth, dueDate, issuedAt, amounts, items } = last;
  const loaded: SourceBill = {
    billId: '1',
    memberId: '1',
    cycle: 1,
    language: null,
    member,
    items,
    months: [],
    bill: {
      billingMonth,
      dueDate,
      issuedAt,
      ...amounts,
      ...payment,
      paymentNumber: member.payment.number,
      currency: null,
    },
  };
  return loadedText(loaded);
}

describe('withOddity', () => {
  it('leaves the others as they are', () => {
    const member = sampleMember(1, membersPerOddity + 1n, '2026-11-01');
    assert.equal(withOddity(member), member);
  });

  it('makes every kind of odd member, each of which can be sent', () => {
    const rendered = odd.map((member) => {
      const changed = withOddity(member);
      assert.notDeepEqual(changed, member);
      const email = renderer.render('EMAIL', textOf(changed));
      const sms = renderer.render('SMS', textOf(changed));
      assert.equal(sms.kind, 'text', JSON.stringify(sms));
      return email;
    });
    const unusable = rendered.filter((email) => email.kind === 'unpreparable');
    assert.deepEqual(
      unusable.map(({ contact }) => contact),
      ['unusable', 'unusable'],
    );
    const texts = rendered.map((email) => (email.kind === 'email' ? email.text.toString() : '')).join('\n');
    for (const shown of [
      '이월 잔액',
      '납부하실 금액이 없습니다',
      '(주)',
      '지로 -',
      '1,234,567,890원',
      'M*** F*** H***',
    ]) {
      assert.ok(texts.includes(shown), shown);
    }
  });
});
