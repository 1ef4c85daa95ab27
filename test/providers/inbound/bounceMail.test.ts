import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readBounceMail } from '../../../src/providers/inbound/bounceMail.ts';
import type { ReceiptKind } from '../../../src/providers/inbound/receipt.ts';
import {
  type BounceSpec,
  bouncedAttempt,
  bounceMail,
  bounceTokens,
  complaintMail,
  vacationMail,
} from '../../support/bounceMails.ts';
import { billIdOf } from '../../support/notifications.ts';

const token = bounceTokens.tokenOf(bouncedAttempt);
const verp = `b+${token}@bills.example`;

function read(raw: Uint8Array, recipients: readonly string[] = []) {
  return readBounceMail({ raw, recipients }, bounceTokens);
}

describe('a delivery status notification', () => {
  it('names its attempt by the address that it came to, its envelope id or the message that it returns', async () => {
    const mails: [Buffer, readonly string[]][] = [
      [bounceMail(), [verp]],
      [bounceMail({ to: verp }), []],
      [bounceMail({ envelopeId: token }), []],
      [bounceMail({ messageId: `${token}@bills.example` }), []],
    ];
    for (const [raw, recipients] of mails) {
      assert.deepEqual(await read(raw, recipients), [
        {
          attempt: bouncedAttempt,
          kind: 'bounced_hard',
          at: new Date('2026-11-28T01:02:03Z'),
          code: '550 5.1.1',
          recipient: 'kim@example.com',
        },
      ]);
    }
  });

  it('says nothing without a genuine token, or with those of two attempts', async () => {
    const other = bounceTokens.tokenOf({ ...bouncedAttempt, billId: billIdOf(43) });
    assert.deepEqual(await read(bounceMail()), []);
    assert.deepEqual(await read(bounceMail(), [verp.replace('42', '43')]), []);
    assert.deepEqual(await read(bounceMail({ envelopeId: other }), [verp]), []);
  });

  const cases: readonly (readonly [BounceSpec, ReceiptKind | undefined])[] = [
    [{ status: '5.1.1' }, 'bounced_hard'],
    [{ status: '5.2.1' }, 'bounced_hard'],
    [{ status: '5.2.2' }, 'bounced_soft'],
    [{ status: '4.4.7' }, 'bounced_soft'],
    [{ status: '5.1.8' }, 'blocked'],
    [{ status: '5.5.0' }, 'blocked'],
    [{ status: '5.6.0' }, 'blocked'],
    [{ status: '5.7.1' }, 'blocked'],
    [{ status: '5.0.0', diagnostic: 'smtp; 550 5.1.1 unknown' }, 'bounced_hard'],
    [{ status: '5.0.0', diagnostic: 'smtp; 550 5.7.1 listed' }, 'blocked'],
    [{ status: '5.0.0', diagnostic: 'smtp; 550 no' }, 'bounced_soft'],
    [{ action: 'delayed', status: '4.4.1' }, undefined],
    [{ action: 'delivered', status: '2.0.0', diagnostic: 'smtp; 250 ok' }, 'delivered'],
    [{ action: 'relayed', status: '2.0.0', diagnostic: 'smtp; 250 ok' }, 'relayed'],
  ];
  for (const [spec, kind] of cases) {
    it(`${JSON.stringify(spec)} is ${kind ?? 'no receipt'}`, async () => {
      assert.equal((await read(bounceMail(spec), [verp]))[0]?.kind, kind);
    });
  }
});

describe('a complaint', () => {
  it('names its attempt by the message that it returns', async () => {
    const [receipt] = await read(complaintMail(`${token}@bills.example`));
    assert.deepEqual(receipt, {
      attempt: bouncedAttempt,
      kind: 'complained',
      at: new Date('2026-11-28T01:02:03Z'),
      code: 'abuse',
      recipient: 'kim@example.com',
    });
  });

  it('is none if it says that it is no spam', async () => {
    assert.deepEqual(await read(complaintMail(`${token}@bills.example`, 'not-spam')), []);
  });
});

describe('any other mail', () => {
  it('says nothing, although it came to the address of a bill', async () => {
    for (const raw of [vacationMail(verp), Buffer.from(''), Buffer.from('\xff\xfe\0'), Buffer.from('a: b')]) {
      assert.deepEqual(await read(raw, [verp]), []);
    }
  });
});
