import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEncode, formOfBody } from '../../../src/providers/mapped/mappedEncoder.ts';
import { claimOf } from '../../support/claims.ts';

const sms = { form: 'sms', encoding: 'json', body: { text: '{{text}}' } } as const;
const lms = { form: 'lms', encoding: 'json', body: { title: '{{title}}', text: '{{text}}' } } as const;

function encoded(sends: Parameters<typeof createEncode>[0]['sends'], text: string, bytes: number) {
  const body = createEncode({ sends })({ kind: 'text', to: '010', text, bytes }, claimOf({ channel: 'SMS' }));
  const { index, bytes: written } = formOfBody(body, sends.length);
  return [index, JSON.parse(Buffer.from(written).toString())];
}

describe('the encoder of a mapping', () => {
  it('chooses SMS or LMS by the bytes that carriers count', () => {
    assert.deepEqual(encoded([sms, lms], '짧은 글', 90), [0, { text: '짧은 글' }]);
    assert.deepEqual(encoded([sms, lms], '청구서\n긴 글', 91), [
      1,
      { title: '청구서', text: '청구서\n긴 글' },
    ]);
    const long = '가'.repeat(60);
    assert.deepEqual(encoded([sms, lms], long, 120), [1, { title: '가'.repeat(20), text: long }]);
  });

  it('sends long texts abroad as SMS: LMS exists in Korea only', () => {
    const message = { kind: 'text', to: '+491705550100', text: 'long', bytes: 300 } as const;
    const body = createEncode({ sends: [sms, lms] })(message, claimOf({ channel: 'SMS' }));
    assert.equal(formOfBody(body, 2).index, 0);
  });

  it('sends long texts as SMS if the provider makes no difference', () => {
    assert.deepEqual(encoded([sms], '긴 글', 91), [0, { text: '긴 글' }]);
  });

  it('takes AlimTalk whatever its length is, beside the forms of SMS', () => {
    const talk = { form: 'alimtalk', encoding: 'json', body: { content: '{{text}}' } } as const;
    const encode = createEncode({ sends: [sms, lms, talk] });
    const body = encode(
      { kind: 'text', to: '010', text: '긴 글', bytes: 300 },
      claimOf({ channel: 'ALIMTALK' }),
    );
    const { index, bytes } = formOfBody(body, 3);
    assert.deepEqual([index, JSON.parse(Buffer.from(bytes).toString())], [2, { content: '긴 글' }]);
  });

  it('writes the buttons as the provider wants them, and no field for them without any', () => {
    const talk = {
      form: 'alimtalk',
      encoding: 'json',
      body: { options: { buttons: '{{buttons}}', id: 'T' }, content: '{{text}}' },
      buttons: { ordering: '{{number|number}}', name: '{{name}}', linkMo: '{{url}}' },
    } as const;
    const encode = createEncode({ sends: [talk] });
    const message = { kind: 'text', to: '010', text: '청구서', bytes: 6 } as const;
    const claim = claimOf({ channel: 'ALIMTALK' });
    const url = 'https://b.example/b/tok"en';
    const buttons = [
      { name: '청구서 보기', url },
      { name: '납부', url: 'https://pay.example/' },
    ];
    assert.deepEqual(JSON.parse(Buffer.from(encode({ ...message, buttons }, claim)).toString()), {
      content: '청구서',
      options: {
        id: 'T',
        buttons: [
          { ordering: 1, name: '청구서 보기', linkMo: url },
          { ordering: 2, name: '납부', linkMo: 'https://pay.example/' },
        ],
      },
    });
    for (const none of [message, { ...message, buttons: [] }]) {
      assert.deepEqual(JSON.parse(Buffer.from(encode(none, claim)).toString()), {
        content: '청구서',
        options: { id: 'T' },
      });
    }
  });

  it('writes files in Base64, and no field for them without any', () => {
    const mail = {
      form: 'email',
      encoding: 'json',
      body: { subject: '{{subject}}', files: '{{attachments}}' },
      attachments: { name: '{{name}}', type: '{{contentType}}', content: '{{content}}' },
    } as const;
    const encode = createEncode({ sends: [mail] });
    const parts = { html: Buffer.from('h'), text: Buffer.from('t') };
    const message = { kind: 'email', to: 'a@b.example', subject: '청구서', ...parts } as const;
    const attachments = [{ name: 'bill.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }];
    assert.deepEqual(JSON.parse(Buffer.from(encode({ ...message, attachments }, claimOf({}))).toString()), {
      subject: '청구서',
      files: [{ name: 'bill.pdf', type: 'application/pdf', content: 'JVBERg==' }],
    });
    assert.equal(Buffer.from(encode(message, claimOf({}))).toString(), '{"subject":"청구서"}');
  });

  it('takes the form for files only for a message that has some', () => {
    const plain = { form: 'email', encoding: 'json', body: { text: '{{text}}' } } as const;
    const filed = {
      form: 'emailWithFiles',
      encoding: 'json',
      body: { text: '{{text}}', files: '{{attachments}}' },
      attachments: '{{content}}',
    } as const;
    const encode = createEncode({ sends: [plain, filed] });
    const parts = { html: Buffer.from('h'), text: Buffer.from('t') };
    const message = { kind: 'email', to: 'a@b.example', subject: '청구서', ...parts } as const;
    const file = { name: 'bill.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') };
    const sent = [message, { ...message, attachments: [] }, { ...message, attachments: [file] }];
    assert.deepEqual(
      sent.map((one) => Buffer.from(encode(one, claimOf({}))).toString()),
      ['\0{"text":"t"}', '\0{"text":"t"}', '\x01{"text":"t","files":["JVBERg=="]}'],
    );
  });

  it('gives a single form memory of its own, so that it can be freed', () => {
    const body = createEncode({ sends: [sms] })(
      { kind: 'text', to: '010', text: 't', bytes: 1 },
      claimOf({ channel: 'SMS' }),
    );
    assert.equal(body.length, body.buffer.byteLength);
    assert.equal(formOfBody(body, 1).bytes, body);
  });

  it('throws for a form that the mapping lacks, and quotes nothing of the message', () => {
    assert.throws(() => encoded([lms], '비밀', 10), { name: 'TypeError', message: 'the mapping has no sms' });
  });
});
