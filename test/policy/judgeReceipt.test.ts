import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendStatus } from '../../src/bill.ts';
import { type JudgedRow, judgeReceipt } from '../../src/policy/judgeReceipt.ts';
import { type ReceiptKind, receiptKinds } from '../../src/providers/inbound/receipt.ts';

function judged(
  kind: ReceiptKind,
  row: Partial<JudgedRow> | undefined,
  { next }: { readonly next: 'SMS' | undefined } = { next: 'SMS' },
): string {
  const whole: JudgedRow | undefined = row && {
    sendStatus: 'DELIVERED',
    isSameAttempt: true,
    wasSentAgain: false,
    namesAcceptance: false,
    isInTime: true,
    isInClosedMonth: false,
    ...row,
  };
  const judgement = judgeReceipt(kind, whole, next);
  switch (judgement.kind) {
    case 'wait':
      return 'wait';
    case 'keep':
      return judgement.verdict;
    case 'move':
      return judgement.move;
    default:
      return judgement satisfies never;
  }
}

const last = { next: undefined };
const negative = ['bounced_hard', 'bounced_soft'] as const;
const positive = ['delivered', 'relayed', 'complained'] as const;

describe('a receipt', () => {
  it('settles a doubt: positive as accepted, negative as failed here', () => {
    for (const kind of positive) assert.equal(judged(kind, { sendStatus: 'IN_DOUBT' }), 'receiptAccepts');
    for (const kind of negative) {
      assert.equal(judged(kind, { sendStatus: 'IN_DOUBT' }), 'receiptTurns');
      assert.equal(judged(kind, { sendStatus: 'IN_DOUBT', isInTime: false }), 'receiptTurns');
      assert.equal(judged(kind, { sendStatus: 'IN_DOUBT' }, last), 'receiptFails');
    }
  });

  it('takes a delivery to the next channel only if it is negative, in time, and there is one', () => {
    for (const kind of negative) {
      assert.equal(judged(kind, {}), 'receiptTurns');
      assert.equal(judged(kind, { isInTime: false }), 'late');
      assert.equal(judged(kind, {}, last), 'bounced');
    }
    assert.deepEqual(
      positive.map((kind) => judged(kind, {})),
      ['confirmed', 'relayed', 'confirmed'],
    );
  });

  it('about the sender or the content sends nothing by another channel', () => {
    assert.equal(judged('blocked', {}), 'bounced');
    assert.equal(judged('blocked', { sendStatus: 'IN_DOUBT' }), 'receiptFails');
  });

  it('waits for the answer to its own send', () => {
    for (const kind of receiptKinds) assert.equal(judged(kind, { sendStatus: 'SENT' }), 'wait');
  });

  it('that may be about an earlier send under the same key moves nothing, unless it names the acceptance', () => {
    for (const sendStatus of ['IN_DOUBT', 'DELIVERED'] as const) {
      assert.equal(judged('bounced_hard', { sendStatus, wasSentAgain: true }), 'unclear');
      const named = { sendStatus, wasSentAgain: true, namesAcceptance: true };
      assert.equal(judged('bounced_hard', named), 'receiptTurns');
    }
    assert.equal(judged('delivered', { sendStatus: 'IN_DOUBT', wasSentAgain: true }), 'receiptAccepts');
  });

  it('of another attempt, a closed month or an unknown bill is evidence, never a state', () => {
    const states: SendStatus[] = [
      'PENDING',
      'SENDING',
      'SENT',
      'IN_DOUBT',
      'DELIVERED',
      'FAILED',
      'CANCELLED',
    ];
    for (const kind of receiptKinds) {
      for (const sendStatus of states) {
        assert.equal(judged(kind, { sendStatus, isSameAttempt: false }), 'superseded');
        assert.equal(judged(kind, { sendStatus, isInClosedMonth: true }), 'monthClosed');
      }
      assert.equal(judged(kind, undefined), 'unknownBill');
      for (const sendStatus of ['PENDING', 'SENDING', 'FAILED', 'CANCELLED'] as const) {
        assert.equal(judged(kind, { sendStatus }), 'superseded');
      }
    }
  });
});
