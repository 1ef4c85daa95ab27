import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { NumberedOutcome } from '../../src/db/outcomes/readOutcomes.ts';
import { chooseOutcomes, outcomesPerMessage } from '../../src/webhooks/deliverNext.ts';
import { webhookMessage } from '../../src/webhooks/webhookMessage.ts';
import { webhookSecret } from '../../src/webhooks/webhookSecret.ts';

const key = Buffer.alloc(32, 7).toString('base64');

function outcome(number: number): NumberedOutcome {
  return {
    number,
    billId: '42',
    memberId: '7',
    run: null,
    cycle: 1,
    channel: 'EMAIL',
    step: 0,
    outcome: 'ACCEPTED',
    applied: true,
    state: 'DELIVERED',
    reason: null,
    provider: 'ses',
    providerId: 'm-1',
    by: 'dispatcher',
    at: new Date('2026-11-28T05:00:00.000Z'),
  };
}

describe('the message of a webhook', () => {
  const secret = webhookSecret(key, 'a');

  it('is signed as Standard Webhooks says, over its id, its time and its body', () => {
    const { headers, body } = webhookMessage([outcome(8), outcome(9)], {
      secrets: [secret],
      now: new Date(),
    });
    assert.equal(headers['webhook-id'], 'outcomes_8_9');
    const verified = new Webhook(secret).verify(body, headers);
    assert.deepEqual(verified, JSON.parse(body));
    assert.throws(() => new Webhook(webhookSecret(key, 'b')).verify(body, headers));
    assert.throws(() => new Webhook(secret).verify(body.replace('42', '43'), headers));
  });

  it('is the same when it is sent again, but for its time', () => {
    const now = new Date();
    const first = webhookMessage([outcome(8)], { secrets: [secret], now });
    const again = webhookMessage([outcome(8)], { secrets: [secret], now: new Date(now.getTime() + 60_000) });
    assert.equal(again.body, first.body);
    assert.equal(again.headers['webhook-id'], first.headers['webhook-id']);
    assert.notEqual(again.headers['webhook-signature'], first.headers['webhook-signature']);
  });

  it('is signed with both secrets while one is changed', () => {
    const secrets = [webhookSecret(key, 'b'), secret];
    const { headers, body } = webhookMessage([outcome(8)], { secrets, now: new Date() });
    for (const known of secrets) assert.ok(new Webhook(known).verify(body, headers));
    assert.throws(() => new Webhook(webhookSecret(key, 'c')).verify(body, headers));
  });

  it('has what the endpoint wants, up to a number behind which nothing is forgotten', () => {
    const found = [outcome(8), { ...outcome(9), outcome: 'REFUSED' }, outcome(10)];
    const numbers = (kinds: readonly string[] | null) => {
      const { wanted, end } = chooseOutcomes(found, kinds);
      return [wanted.map(({ number }) => number), end];
    };
    assert.deepEqual(numbers(null), [[8, 9, 10], 10]);
    assert.deepEqual(numbers(['REFUSED']), [[9], 10]);
    assert.deepEqual(numbers(['BOUNCED']), [[], 10]);
    const many = Array.from({ length: outcomesPerMessage + 5 }, (_, index) => outcome(index + 1));
    assert.equal(chooseOutcomes(many, ['ACCEPTED']).end, outcomesPerMessage);
    assert.equal(chooseOutcomes([], null).end, undefined);
  });

  it('has a secret of 32 bytes that depends on the key and the endpoint', () => {
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal(webhookSecret(key, 'a'), secret);
    assert.notEqual(webhookSecret(Buffer.alloc(32, 8).toString('base64'), 'a'), secret);
  });
});
