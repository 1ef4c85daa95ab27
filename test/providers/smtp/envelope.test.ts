import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEnvelopes } from '../../../src/providers/smtp/envelope.ts';
import { readMailbox } from '../../../src/providers/smtp/mailbox.ts';

describe('the envelope of a message', () => {
  const options = {
    from: readMailbox('Bills <bill@example.kr>'),
    bounce: readMailbox('b@bounces.example.kr'),
    notify: ['failure', 'delay'],
  };
  const facts = { to: 'kim@example.kr', token: '5.1.email.0a', size: 12_345 };
  const none = {
    pipelining: false,
    smtpUtf8: false,
    eightBitMime: false,
    dsn: false,
    size: false,
    mostBytes: Number.POSITIVE_INFINITY,
  };
  const all = { ...none, smtpUtf8: true, eightBitMime: true, dsn: true, size: true };

  it('has no word that the relay has not offered', () => {
    assert.deepEqual(createEnvelopes({ ...options, bounce: undefined })(facts, none), {
      mail: 'MAIL FROM:<bill@example.kr>\r\n',
      rcpt: 'RCPT TO:<kim@example.kr>\r\n',
    });
  });

  it('tells the size in bytes (RFC 1870), where bounces go, and which reports are wanted (RFC 3461)', () => {
    assert.deepEqual(createEnvelopes(options)(facts, all), {
      mail: 'MAIL FROM:<b+5.1.email.0a@bounces.example.kr> SIZE=12345 RET=HDRS ENVID=5.1.email.0a\r\n',
      rcpt: 'RCPT TO:<kim@example.kr> NOTIFY=FAILURE,DELAY\r\n',
    });
  });

  it('says that an address needs UTF-8 (RFC 6531)', () => {
    const { mail } = createEnvelopes({ ...options, notify: [] })({ ...facts, to: '김@example.kr' }, all);
    assert.equal(mail, 'MAIL FROM:<b+5.1.email.0a@bounces.example.kr> SMTPUTF8 BODY=8BITMIME SIZE=12345\r\n');
  });
});
