import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeMessage } from '../../../src/providers/http/encodeMessage.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';

describe('the body of a request', () => {
  it('of an e-mail has all its parts', () => {
    const [html, text] = [Buffer.from('<p>청구서</p>'), Buffer.from('청구서 "1"\n')];
    const message = { channel: 'EMAIL', to: 'a@b.kr', subject: '제목', html, text } as const;
    assert.deepEqual(JSON.parse(encodeMessage(message, claimOf({ cycle: 2 }))), {
      billId: 5,
      memberId: 7,
      channel: 'EMAIL',
      cycle: 2,
      to: 'a@b.kr',
      subject: '제목',
      html: '<p>청구서</p>',
      text: '청구서 "1"\n',
    });
  });

  it('of an SMS has neither html nor subject', () => {
    const message = { channel: 'SMS', to: '01012345678', text: '청구서' } as const;
    assert.deepEqual(JSON.parse(encodeMessage(message, claimOf({ channel: 'SMS' }))), {
      billId: 5,
      memberId: 7,
      channel: 'SMS',
      cycle: 1,
      to: '01012345678',
      text: '청구서',
    });
  });

  it('never rounds an id', () => {
    const message = { channel: 'SMS', to: '1', text: 't' } as const;
    const idOf = (id: string) => JSON.parse(encodeMessage(message, claimOf({ billId: billIdOf(id) }))).billId;
    assert.equal(idOf('9007199254740991'), 9_007_199_254_740_991);
    assert.equal(idOf('9007199254740993'), '9007199254740993');
    assert.equal(idOf('9223372036854775807'), '9223372036854775807');
  });
});
