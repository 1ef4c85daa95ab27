import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idempotencyKeyOf, isTestKey, testCycle, testKeyOf } from '../../src/bill.ts';
import { channelNames } from '../../src/channels.ts';
import { parseAttemptName } from '../../src/providers/inbound/attemptName.ts';
import { createEncode } from '../../src/providers/mapped/mappedEncoder.ts';
import { testMessage } from '../../src/providers/testMessage.ts';
import { claimOf } from '../support/claims.ts';

const mark = { keySuffix: 'rehearsal:2026-11', subjectPrefix: '[REHEARSAL] ', textPrefix: '[REHEARSAL] ' };
const email = {
  kind: 'email',
  to: 'hong@member.kr',
  subject: '11월 청구서',
  html: Buffer.from('<p>'),
  text: Buffer.from('t'),
} as const;
const sms = { kind: 'text', to: '01012345678', text: '청구서', bytes: 6 } as const;

describe('a message that settles no bill', () => {
  it('says so in its subject, or at the beginning of a short text, whose bytes count', () => {
    assert.deepEqual(testMessage(email, mark), { ...email, subject: '[REHEARSAL] 11월 청구서' });
    assert.deepEqual(testMessage(sms, mark), { ...sms, text: '[REHEARSAL] 청구서', bytes: 18 });
  });

  it('goes to somebody else if the mark says so', () => {
    assert.deepEqual(testMessage(sms, { ...mark, textPrefix: '', to: '01099999999' }), {
      ...sms,
      to: '01099999999',
    });
  });

  it('has a key that no reader takes for the key of a bill', () => {
    const claim = { ...claimOf(), cycle: testCycle };
    for (const channel of channelNames) {
      for (const keySuffix of ['rehearsal:2026-11', 'seed:2026-11:1-0']) {
        const key = testKeyOf({ ...claim, channel }, keySuffix);
        assert.equal(key, `5:${channel}:0:${keySuffix}`);
        assert.ok(isTestKey(key));
        // With the marks that some providers want, and as a provider's file may put it together.
        const written = [key, key.replaceAll(':', '-'), `5_${channel}_0`, `5:${channel}:0`];
        assert.deepEqual(
          written.flatMap((text) => parseAttemptName(text) ?? []),
          [],
        );
      }
    }
    assert.ok(!isTestKey(idempotencyKeyOf(claimOf())));
  });

  it("has that key in a provider's own API too", () => {
    const encode = createEncode({
      sends: [{ form: 'sms', encoding: 'json', body: { key: '{{key}}', cycle: '{{cycle|number}}' } }],
    });
    const attempt = { ...claimOf({ channel: 'SMS' }), cycle: testCycle, test: mark };
    assert.deepEqual(JSON.parse(Buffer.from(encode(sms, attempt)).toString()), {
      key: '5:SMS:0:rehearsal:2026-11',
      cycle: 0,
    });
  });
});
