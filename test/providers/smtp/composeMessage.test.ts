import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import PostalMime from 'postal-mime';
import type { Attempt } from '../../../src/providers/provider.ts';
import { createBounceTokens } from '../../../src/providers/smtp/bounceToken.ts';
import { createEncode, tokenIn } from '../../../src/providers/smtp/composeMessage.ts';
import { readMailbox } from '../../../src/providers/smtp/mailbox.ts';
import { claimOf } from '../../support/claims.ts';
import { composeOptions } from '../../support/smtpProviders.ts';

const attempt: Attempt = claimOf({ datedAtMs: Date.UTC(2026, 10, 25, 0, 30, 5) });
const subject =
  '[빌캐스트] 2026년 11월 청구서가 도착했습니다: 홍길동 고객님의 이번 달 요금과 납부 방법을 안내드립니다';

function mail(parts: { to?: string; subject?: string; text?: string; html?: string } = {}) {
  const { text = '안녕하세요\n.\n끝', html = `<p>${'가'.repeat(3_000)}</p>` } = parts;
  return {
    kind: 'email' as const,
    to: parts.to ?? 'kim@example.kr',
    subject: parts.subject ?? subject,
    html: Buffer.from(html),
    text: Buffer.from(text),
  };
}

const encode = createEncode(composeOptions);

describe('a composed message', () => {
  it('says to a mail program what was rendered', async () => {
    const parsed = await PostalMime.parse(encode(mail(), attempt));
    assert.deepEqual(parsed.from, { name: '청구팀', address: 'bill@billcast.test' });
    assert.deepEqual(parsed.to?.[0]?.address, 'kim@example.kr');
    assert.equal(parsed.subject, subject);
    assert.equal(parsed.text?.replaceAll('\r\n', '\n'), '안녕하세요\n.\n끝');
    assert.equal(parsed.html, `<p>${'가'.repeat(3_000)}</p>`);
    assert.equal(parsed.date, '2026-11-25T00:30:05.000Z');
  });

  it('has its files behind the text, each as it was', async () => {
    const content = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256));
    const file = { name: 'bill.pdf', contentType: 'application/pdf', content };
    const bytes = encode({ ...mail(), attachments: [file] }, attempt);
    const parsed = await PostalMime.parse(bytes);
    assert.equal(parsed.text?.replaceAll('\r\n', '\n'), '안녕하세요\n.\n끝');
    assert.equal(parsed.html, `<p>${'가'.repeat(3_000)}</p>`);
    const [attached, ...others] = parsed.attachments;
    assert.deepEqual([attached?.filename, attached?.mimeType, others], ['bill.pdf', 'application/pdf', []]);
    assert.ok(attached !== undefined && typeof attached.content !== 'string');
    assert.deepEqual(Buffer.from(new Uint8Array(attached.content)), content);
    assert.ok(
      Buffer.from(bytes)
        .toString('latin1')
        .split('\r\n')
        .every((line) => line.length <= 78),
    );
  });

  it('has ASCII lines of 78 characters at most, with CRLF, and the headers of a bill', () => {
    const text = Buffer.from(encode(mail(), attempt)).toString('latin1');
    assert.match(text, /^[\r\n -~]*$/);
    assert.ok(!/[^\r]\n|\r[^\n]/.test(text));
    assert.deepEqual(
      text.split('\r\n').filter((line) => line.length > 78),
      [],
    );
    const [head = ''] = text.split('\r\n\r\n');
    assert.match(head, /^Auto-Submitted: auto-generated$/m);
    assert.match(head, /^Feedback-ID: ::bill:billcast$/m);
    assert.doesNotMatch(head, /^Precedence:|^List-Unsubscribe:|^X-Mailer:/im);
  });

  it('is the same bytes each time, and its Message-ID names the attempt', () => {
    const bytes = encode(mail(), attempt);
    assert.deepEqual(encode(mail(), attempt), bytes);
    const token = tokenIn(bytes);
    const { billId, channel, cycle } = attempt;
    assert.deepEqual(createBounceTokens(composeOptions.tokenKeys).findIn(token), [
      { billId, channel, cycle },
    ]);
    assert.ok(Buffer.from(bytes).toString().startsWith(`Message-ID: <${token}@billcast.test>\r\n`));
    assert.notEqual(tokenIn(encode(mail(), { ...attempt, cycle: 2 })), token);
  });

  it('folds and encodes any subject without splitting a character', async () => {
    const subjects = [
      'Plain subject',
      '=?UTF-8?B?looks encoded?=',
      `${'x'.repeat(200)} long`,
      '😀'.repeat(40),
      'ㄱ',
      `line\r\nBcc: evil@example.kr`,
    ];
    for (const given of subjects) {
      const parsed = await PostalMime.parse(encode(mail({ subject: given }), attempt));
      assert.equal(parsed.subject, given.replaceAll(/[\r\n]+/g, ' '));
      assert.equal(parsed.bcc, undefined);
    }
  });

  it('writes parts of every length, and an address beyond ASCII as it is', async () => {
    for (let length = 0; length < 130; length++) {
      const text = 'x'.repeat(length);
      assert.equal((await PostalMime.parse(encode(mail({ text }), attempt))).text?.trimEnd() ?? '', text);
    }
    const parsed = await PostalMime.parse(encode(mail({ to: '길동@xn--9n2bp8q.kr' }), attempt));
    assert.ok(parsed.headers.some(({ key, value }) => key === 'to' && value.includes('길동@')));
  });

  it('quotes and encodes the name of a sender', async () => {
    for (const name of ['Billing, Example "Ltd."', 'Example Billing', '청구 (주)', '']) {
      const quoted = name === '' ? 'b@e.kr' : `${name} <b@e.kr>`;
      const options = {
        ...composeOptions,
        from: { ...readMailbox('b@e.kr'), name },
        replyTo: readMailbox('r@e.kr'),
      };
      const parsed = await PostalMime.parse(createEncode(options)(mail(), attempt));
      assert.deepEqual([parsed.from?.name, parsed.from?.address], [name, 'b@e.kr'], quoted);
      assert.equal(parsed.replyTo?.[0]?.address, 'r@e.kr');
    }
  });

  it('carries a DKIM signature that another library finds right', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dkim = { domain: 'billcast.test', selector: 's1', privateKey };
    const signed = Buffer.from(createEncode({ ...composeOptions, dkim })(mail(), attempt));
    const p = publicKey.replaceAll(/-----[^-]+-----|\s/g, '');
    const resolver = async (name: string) => {
      assert.equal(name, 's1._domainkey.billcast.test');
      return [[`v=DKIM1; k=rsa; p=${p}`]];
    };
    const verify = async (bytes: Buffer) => {
      const { results } = await dkimVerify(bytes, { resolver });
      return results.map(({ status }: { status: { result: string } }) => status.result);
    };
    assert.deepEqual(await verify(signed), ['pass']);
    assert.deepEqual(await verify(Buffer.from(signed.toString().replace('Date: Wed', 'Date: Thu'))), [
      'fail',
    ]);
  });
});
