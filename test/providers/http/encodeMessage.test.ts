import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEncode } from '../../../src/providers/http/encodeMessage.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';

const encode = createEncode();

function parsed(...given: Parameters<typeof encode>) {
  return JSON.parse(Buffer.from(encode(...given)).toString());
}

describe('the body of a request', () => {
  it('of an e-mail has all its parts', () => {
    const [html, text] = [Buffer.from('<p>청구서</p>'), Buffer.from('청구서 "1"\n')];
    const message = { kind: 'email', to: 'a@b.kr', subject: '제목', html, text } as const;
    assert.deepEqual(parsed(message, claimOf({ cycle: 2 })), {
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

  it('has the files of an e-mail in Base64', () => {
    const content = Buffer.from([0, 200, 255]);
    const [html, text] = [Buffer.from('<p>청구서</p>'), Buffer.from('청구서')];
    const attachments = [{ name: 'bill.pdf', contentType: 'application/pdf', content }];
    const message = { kind: 'email', to: 'a@b.kr', subject: '제목', html, text, attachments } as const;
    const { attachments: sent, text: sentText } = parsed(message, claimOf());
    assert.deepEqual(sent, [{ name: 'bill.pdf', contentType: 'application/pdf', content: 'AMj/' }]);
    assert.equal(sentText, '청구서');
  });

  it('of an SMS has neither html nor subject', () => {
    const message = { kind: 'text', to: '01012345678', text: '청구서' } as const;
    assert.deepEqual(parsed(message, claimOf({ channel: 'SMS' })), {
      billId: 5,
      memberId: 7,
      channel: 'SMS',
      cycle: 1,
      to: '01012345678',
      text: '청구서',
    });
  });

  it('is JSON whatever the parts hold', () => {
    const escaped = '"\\\b\f\n\r\t\u0000\u001f\u007f\u2028\u2029</script>é청😀';
    const [html, text] = [Buffer.from(escaped), Buffer.from(escaped)];
    const message = { kind: 'email', to: 'é@b.kr', subject: escaped, html, text } as const;
    const { to, ...parts } = parsed(message, claimOf());
    assert.equal(to, 'é@b.kr');
    assert.deepEqual([parts.subject, parts.html, parts.text], [escaped, escaped, escaped]);
  });

  it('never rounds an id', () => {
    const message = { kind: 'text', to: '1', text: 't' } as const;
    const idOf = (id: string) => parsed(message, claimOf({ billId: billIdOf(id) })).billId;
    assert.equal(idOf('9007199254740991'), 9_007_199_254_740_991);
    assert.equal(idOf('9007199254740993'), '9007199254740993');
    assert.equal(idOf('9223372036854775807'), '9223372036854775807');
  });

  it('keeps nothing of the message, which is printed over', () => {
    const parts = { html: Buffer.from('<p>청구서</p>'), text: Buffer.from('t') };
    const body = encode({ kind: 'email', to: 'a@b.kr', subject: 's', ...parts }, claimOf());
    const before = Buffer.from(body).toString();
    parts.html.fill(0);
    parts.text.fill(0);
    assert.equal(Buffer.from(body).toString(), before);
    assert.equal(body.byteLength, body.buffer.byteLength, "memory that is nobody else's");
  });
});
