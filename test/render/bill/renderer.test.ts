import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Channel } from '../../../src/channels.ts';
import { loadedText } from '../../../src/render/bill/parseSourceBill.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { sampleBill, sealedText } from '../../../src/render/bill/sampleBill.ts';
import type { CompleteBill, LoadedItem, LoadedMember } from '../../../src/render/bill/sourceBill.ts';
import { createTablesModel } from '../../../src/render/bill/tablesModel.ts';
import type { EncryptedField } from '../../../src/render/cipher/cipher.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { createViewLinks } from '../../../src/render/link/viewLinks.ts';
import { createByteWriter } from '../../../src/render/template/byteWriter.ts';
import { compileTemplates } from '../../../src/render/template/templates.ts';
import { compileOurTemplates, withFiles } from '../../support/ourTemplates.ts';
import { addedUp } from './addedUp.ts';
import { testCipherOptions } from './testCiphers.ts';

const templates = await compileOurTemplates();
const ciphers = createFieldCiphers(testCipherOptions());
const renderer = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul' });

function withMember(member: Partial<LoadedMember>): CompleteBill {
  return {
    ...sampleBill,
    member: { ...sampleBill.member, ...member },
  };
}
function render(channel: Channel, bill: CompleteBill) {
  return renderer.render(channel, sealedText(bill, ciphers));
}
function emailOf(bill: CompleteBill) {
  const rendered = render('EMAIL', bill);
  assert.ok(rendered.kind === 'email', JSON.stringify(rendered));
  return { ...rendered, html: rendered.html.toString(), text: rendered.text.toString() };
}

describe('an e-mail', () => {
  it('holds the bill in subject, HTML and text', () => {
    const { to, subject, html, text } = emailOf(sampleBill);
    assert.equal(to, 'hong.gildong@example.com');
    assert.match(subject, /2026년 11월 .*98,900원/);
    for (const part of [html, text]) {
      for (const shown of [
        '홍*동',
        '98,900원',
        '2026110000007',
        '2026년 11월 25일',
        '-21,250원',
        '신한카드',
        'VIP',
      ]) {
        assert.ok(part.includes(shown), shown);
      }
      assert.doesNotMatch(part, /홍길동|gildong|123 8층|9012|\{\{|undefined|null/);
    }
  });

  it('is small: about 10 KB, and below 100 KB with 200 items', () => {
    assert.ok(emailOf(sampleBill).html.length < 12_000);
    const item: LoadedItem = {
      category: 'SUBSCRIPTION',
      subcategory: '부가서비스',
      name: '가'.repeat(40),
      amount: 1e9,
    };
    const rendered = render(
      'EMAIL',
      addedUp({ ...sampleBill, items: Array.from({ length: 200 }, () => item) }),
    );
    assert.ok(rendered.kind === 'email' && rendered.html.length < 100_000);
  });

  it('has no line that SMTP would not take', () => {
    const { html } = emailOf(sampleBill);
    assert.ok(html.split('\n').every((line) => Buffer.byteLength(line) < 998));
  });

  it('escapes markup and drops controls in every text, wherever it comes from', () => {
    const evil = '"><img src=x onerror=alert(1)>\u202e\u0000\r\nBcc: x@y.kr';
    const { html, text, subject } = emailOf(
      addedUp({
        ...sampleBill,
        member: { ...sampleBill.member, name: `${evil} ${evil}`, grade: evil, address: `${evil} x y z` },
        bill: { ...sampleBill.bill, paymentName: evil, paymentOwnerName: evil, paymentNumber: evil },
        items: [{ category: 'SUBSCRIPTION', subcategory: evil, name: evil, amount: 1 }],
      }),
    );
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /&quot;&gt;&lt;img src&#x3D;x/);
    assert.match(text, /"><img src=x/);
    for (const part of [html, text, subject]) assert.doesNotMatch(part, /[\p{Cf}\r]/u);
    assert.doesNotMatch(subject, /[\r\n]/);
  });

  it('opens five fields, and not the phone number', () => {
    const { fields, counting } = countingCiphers();
    createRenderer({ templates, ciphers: counting, timeZone: 'Asia/Seoul' }).render('EMAIL', sampleJson());
    assert.deepEqual(fields.toSorted(), ['address', 'email', 'name', 'paymentNumber', 'paymentOwnerName']);
  });
});

describe('empty values in place of null', () => {
  const fields = ['name', 'address', 'paymentOwnerName', 'paymentNumber'] as const;
  const blankBill = (blank: string): CompleteBill => ({
    ...withMember({ name: blank, address: blank, grade: blank }),
    bill: { ...sampleBill.bill, paymentOwnerName: blank, paymentNumber: blank, paymentName: blank },
    items: sampleBill.items.map((item) => ({ ...item, subcategory: blank })),
  });

  it('are shown as none, stored as they are', () => {
    for (const blank of ['', ' ', '\r\n']) {
      const { member, bill } = blankBill(blank);
      const email = ciphers.seal('email', sampleBill.memberId, 'hong@example.com');
      const phone = ciphers.seal('phone', sampleBill.memberId, '010-1234-5678');
      const text = loadedText({ ...blankBill(blank), bill, member: { ...member, email, phone } });
      const rendered = renderer.render('EMAIL', text);
      assert.ok(rendered.kind === 'email', JSON.stringify(rendered));
      assert.match(rendered.text.toString(), /^회원 고객님, 안녕하세요\.$/m);
      assert.match(rendered.text.toString(), /주소 {8}-\n납부 방법 {3}- -\n납부자 {6}-\n/);
      assert.match(rendered.text.toString(), /^- \[월정액\] 5G/m);
      const sms = renderer.render('SMS', text);
      assert.ok(sms.kind === 'text' && sms.text.startsWith('[빌캐스트] 회원님 11월'), JSON.stringify(sms));
    }
  });

  it('are shown as none, sealed', () => {
    const { text } = emailOf(blankBill(''));
    assert.match(text, /^회원 고객님/m);
    assert.match(text, /주소 {8}-\n납부 방법 {3}- -\n납부자 {6}-\n/);
    for (const field of fields) assert.notEqual(ciphers.seal(field, '7', ''), '');
  });
});

describe('a contact as people write it', () => {
  it('goes out by e-mail, tidied, and masked as what it is', () => {
    const { to, text } = emailOf(withMember({ email: '홍길동 <hong@example.com>\r' }));
    assert.equal(to, 'hong@example.com');
    assert.match(text, /이 메일은 ho\*\*\*\*@example\.com 주소로/);
  });

  it('goes out by SMS, tidied', () => {
    const rendered = render('SMS', withMember({ phone: '+82 10-1234-5678\r' }));
    assert.ok(rendered.kind === 'text' && rendered.to === '01012345678');
  });
});

describe('an SMS', () => {
  it('holds the amount and the due date, on one line', () => {
    assert.deepEqual(render('SMS', sampleBill), {
      kind: 'text',
      to: '010-1234-5678',
      text: '[빌캐스트] 홍*동님 11월 청구요금 98,900원, 납부기한 2026년 11월 25일',
      bytes: 68,
    });
  });

  it('opens the phone number and the name, nothing else', () => {
    const { fields, counting } = countingCiphers();
    createRenderer({ templates, ciphers: counting, timeZone: 'Asia/Seoul' }).render('SMS', sampleJson());
    assert.deepEqual(fields.toSorted(), ['name', 'phone']);
  });
});

describe('a bill that cannot be prepared', () => {
  const reasonOf = (channel: Channel, json: string) => {
    const rendered = renderer.render(channel, json);
    return rendered.kind === 'unpreparable' ? rendered.reason : rendered.kind;
  };

  for (const contact of [null, '', 'nobody', 'a@b.kr\r\nBcc: x@y.kr']) {
    it(`has no contact in ${JSON.stringify(contact)}`, () => {
      assert.equal(reasonOf('EMAIL', sealedText(withMember({ email: contact }), ciphers)), 'NO_CONTACT');
      assert.equal(reasonOf('SMS', sealedText(withMember({ phone: contact }), ciphers)), 'NO_CONTACT');
    });
  }

  it('says whether nothing is stored, or something that cannot be used', () => {
    const contactOf = (channel: Channel, bill: CompleteBill) => {
      const rendered = render(channel, bill);
      return rendered.kind === 'unpreparable' ? [rendered.contact, rendered.detail] : rendered.kind;
    };
    assert.deepEqual(contactOf('EMAIL', withMember({ email: ' ' })), ['none', 'there is no e-mail address']);
    assert.deepEqual(contactOf('SMS', withMember({ phone: null })), ['none', 'there is no phone number']);
    const detail = 'what is stored as e-mail address cannot be one';
    assert.deepEqual(contactOf('EMAIL', withMember({ email: 'hong' })), ['unusable', detail]);
    assert.deepEqual(contactOf('SMS', withMember({ phone: '02-1' })).at(0), 'unusable');
  });

  it('is incomplete without its rows', () => {
    assert.equal(reasonOf('EMAIL', loadedText({ ...sampleBill, bill: null })), 'BILL_INCOMPLETE');
    assert.equal(reasonOf('SMS', loadedText({ ...sampleBill, member: null })), 'BILL_INCOMPLETE');
    assert.equal(reasonOf('EMAIL', 'not JSON'), 'BILL_INCOMPLETE');
  });

  it('is incomplete if its items are not there yet, and by SMS too', () => {
    const bare = loadedText({ ...sampleBill, items: [] });
    assert.deepEqual(
      [reasonOf('EMAIL', bare), reasonOf('SMS', bare)],
      ['BILL_INCOMPLETE', 'BILL_INCOMPLETE'],
    );
  });

  it('goes out by SMS with nothing to pay, unless the setting says no', () => {
    const nothing = sealedText(
      addedUp({ ...sampleBill, bill: { ...sampleBill.bill, unpaidAmount: -86_900 } }),
      ciphers,
    );
    const rendered = renderer.render('SMS', nothing);
    assert.ok(
      rendered.kind === 'text' && rendered.text === '[빌캐스트] 홍*동님 11월 청구요금 0원',
      JSON.stringify(rendered),
    );
    const rules = { toleranceWon: 0, smsWhenNothingDue: false };
    const strict = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul', rules });
    const refused = strict.render('SMS', nothing);
    assert.ok(refused.kind === 'unpreparable' && refused.reason === 'NOTHING_DUE');
    assert.equal(strict.render('EMAIL', nothing).kind, 'email');
    assert.equal(strict.render('SMS', sampleJson()).kind, 'text');
  });

  it('is not even parsed if it is so large that a thread would die of it', () => {
    const json = loadedText({ ...sampleBill, billId: ' '.repeat(4_000_000) });
    assert.equal(reasonOf('EMAIL', json), 'TEMPLATE_FAILED');
    assert.deepEqual(renderer.render('SMS', '{"tooLargeBytes": 12345678}'), {
      kind: 'unpreparable',
      reason: 'TEMPLATE_FAILED',
      detail: 'it is too large: 12345678 bytes',
    });
  });

  it('says which field and key failed, and nothing of the value', () => {
    const foreign = createFieldCiphers(testCipherOptions({ keys: [{ keyId: 'k9', key: Buffer.alloc(32) }] }));
    assert.deepEqual(renderer.render('SMS', sealedText(sampleBill, foreign)), {
      kind: 'unpreparable',
      reason: 'CIPHER_FAILED',
      detail: 'phone (key id k9): there is no key of that id',
      isKeyMissing: true,
    });
    assert.equal(reasonOf('EMAIL', loadedText(sampleBill)), 'CIPHER_FAILED');
  });

  it('leaves nothing behind in the batch', () => {
    const out = createByteWriter(16);
    renderer.renderInto(out, 'EMAIL', sealedText(withMember({ email: null }), ciphers));
    renderer.renderInto(out, 'EMAIL', 'not JSON');
    renderer.renderInto(out, 'SMS', sampleJson());
    assert.equal(out.length, 0);
  });

  it('comes back as a failure of the template if printing throws, without the message', () => {
    const { ko } = templates.languages;
    assert.ok(ko?.messages.EMAIL?.kind === 'email');
    const text = [{ kind: 'value', name: 'secret', line: 1 }] as const;
    const messages = { ...ko.messages, EMAIL: { ...ko.messages.EMAIL, text } };
    const broken = createRenderer({
      templates: { ...templates, languages: { ko: { ...ko, messages } } },
      ciphers,
      timeZone: 'Asia/Seoul',
    });
    const out = createByteWriter(16);
    assert.deepEqual(broken.renderInto(out, 'EMAIL', sampleJson()), {
      kind: 'unpreparable',
      reason: 'TEMPLATE_FAILED',
      detail: 'rendering threw TypeError',
    });
    assert.equal(out.length, 0);
  });

  it("prints in the member's language, and in the default one if there is no folder for it", () => {
    const textIn = (language: string | null) => {
      const rendered = renderer.render('EMAIL', sealedText({ ...sampleBill, language }, ciphers));
      assert.ok(rendered.kind === 'email');
      return `${rendered.subject}\n${rendered.text}`;
    };
    const english = textIn('en');
    assert.match(english, /^\[Billcast Telecom\] Your bill for November 2026: KRW 98,900\n/);
    assert.match(english, /Due by +November 25, 2026\n/);
    assert.match(english, /\[Extra usage\] 데이터 초과 사용 1\.2GB: KRW 11,000\n/);
    for (const alike of ['EN', 'en-GB', 'en_US', ' en ']) assert.equal(textIn(alike), english);
    for (const other of [null, 'ja', '', '__proto__']) assert.match(textIn(other), /2026년 11월 요금 청구서/);
  });

  it('prints a link to the very bill, and none without settings', () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const viewLinks = { url: 'https://bills.kr', keys: [key], days: 90 };
    const linking = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul', viewLinks });
    const bill = { billId: '42', cycle: 3, datedAtMs: Date.UTC(2026, 10, 3) };
    const out = createByteWriter(16);
    linking.renderInto(out, 'EMAIL', sampleJson(), bill);
    const url = createViewLinks(viewLinks).urlOf(bill);
    assert.equal(out.view().toString().split(url).length, 3);
    const plain = renderer.render('EMAIL', sampleJson());
    assert.ok(plain.kind === 'email' && !plain.html.includes('/b/') && !plain.text.includes('청구서 보기'));
  });

  it('gives an SMS a title only if it is too long for one, and the template has one', async () => {
    const titled = async (sms: string) => {
      const set = withFiles({ 'ko/sms.txt': sms, 'ko/sms.title.txt': '{{month}} 청구서 ₩\n' });
      const compiled = await compileTemplates(set, createTablesModel().sampleViews());
      const rendered = createRenderer({ templates: compiled, ciphers, timeZone: 'Asia/Seoul' });
      return rendered.render('SMS', sampleJson());
    };
    const long = await titled(`{{memberName}} ${'요금'.repeat(40)}`);
    assert.ok(long.kind === 'text' && long.title === '11월 청구서 ￦', JSON.stringify(long));
    const short = await titled('{{memberName}}');
    assert.ok(short.kind === 'text' && !('title' in short));
  });

  it('never throws, and never quotes what it was given', () => {
    fc.assert(
      fc.property(fc.constantFrom<Channel>('EMAIL', 'SMS'), fc.json(), (channel, json) => {
        const rendered = renderer.render(channel, json);
        assert.equal(rendered.kind, 'unpreparable');
      }),
    );
  });
});

function sampleJson(): string {
  return sealedText(sampleBill, ciphers);
}

function countingCiphers() {
  const fields: EncryptedField[] = [];
  const open: typeof ciphers.open = (field, memberId, value) => {
    fields.push(field);
    return ciphers.open(field, memberId, value);
  };
  return { fields, counting: { ...ciphers, open } };
}
