import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadedText } from '../../../src/render/bill/parseSourceBill.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { sampleBill } from '../../../src/render/bill/sampleBill.ts';
import type { CompleteBill, LoadedItem } from '../../../src/render/bill/sourceBill.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { type Choices, createRandom, type Random } from '../../../src/sample/random.ts';
import { exhaustive } from '../../support/exhaustive.ts';
import { compileOurTemplates } from '../../support/ourTemplates.ts';
import { addedUp } from './addedUp.ts';
import { testCipherOptions } from './testCiphers.ts';

const templates = await compileOurTemplates();
const ciphers = createFieldCiphers(testCipherOptions({ fallback: 'none' }));
const renderer = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul' });
const billsMade = { emails: 50_000, sms: 25_000, broken: 25_000 };

describe('100,000 bad bills', exhaustive, () => {
  it('make e-mails whose tags are those of a harmless bill of the same shape, and no throw', () => {
    const seed = Date.now();
    const random = createRandom(seed, 1n);
    const shapes = Array.from({ length: 100 }, () => harmlessBill(random));
    const tagsOf = shapes.map((shape) => tagBytes(emailOf(shape, 'a harmless bill').html));
    for (let made = 0; made < billsMade.emails; made++) {
      const shape = made % shapes.length;
      const bill = withBadTexts(shapes[shape] ?? sampleBill, random);
      const which = `seed ${seed}, bill ${made}`;
      const { html, text, subject } = emailOf(bill, which);
      assert.ok(tagsOf[shape]?.equals(tagBytes(html)), `${which}: another tag, attribute or quote`);
      assertClean(html.toString(), which);
      assertClean(text.toString(), which);
      assertClean(subject, which);
      assert.doesNotMatch(subject, /\n/, which);
    }
  });

  it('make SMS of one line without controls, and no throw', () => {
    const seed = Date.now();
    const random = createRandom(seed, 2n);
    for (let made = 0; made < billsMade.sms; made++) {
      const rendered = renderer.render('SMS', loadedText(withBadTexts(sampleBill, random)));
      const which = `seed ${seed}, bill ${made}`;
      if (rendered.kind !== 'text') assert.fail(`${which}: ${JSON.stringify(rendered)}`);
      assertClean(rendered.text, which);
      assert.doesNotMatch(rendered.text, /\n/, which);
    }
  });

  it('of any broken text are unpreparable or whole, and quote nothing of it', () => {
    const seed = Date.now();
    const random = createRandom(seed, 3n);
    const whole = loadedText(sampleBill);
    for (let made = 0; made < billsMade.broken; made++) {
      const broken = brokenText(whole, random);
      const rendered = renderer.render(random.pick(['EMAIL', 'SMS']), broken);
      if (rendered.kind !== 'unpreparable') continue;
      assert.match(rendered.detail, /^[\w.() -]+(: [\w ,]+)?$/, `seed ${seed}, bill ${made}`);
      assert.doesNotMatch(rendered.detail, /홍|gildong|1234|강남/, `seed ${seed}, bill ${made}`);
    }
  });
});

describe('a large bill', () => {
  it('makes less than 100 KB of HTML with 200 items', () => {
    const items = manyItems(200);
    const { html } = emailOf(addedUp({ ...sampleBill, items }), '200 items');
    assert.ok(html.length < 100_000, `${html.length} bytes`);
    assert.equal(html.toString().split('부가서비스').length, 201, 'every item is shown');
  });

  it('of 10,000 items is printed whole, and its sum is exact', () => {
    const { html } = emailOf(addedUp({ ...sampleBill, items: manyItems(10_000) }), '10,000 items');
    assert.equal(html.toString().split('부가서비스').length, 10_001);
    assert.match(html.toString(), />10,000,000,000원</);
  });

  it('is not sent with a sum that would be rounded: it is incomplete', () => {
    const amounts = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1];
    for (const category of ['SUBSCRIPTION', 'DISCOUNT'] as const) {
      const items = amounts.map((amount) => ({ ...sampleBill.items[0], category, amount }));
      const rendered = renderer.render('EMAIL', loadedText({ ...sampleBill, items }));
      assert.ok(rendered.kind === 'unpreparable');
      assert.equal(rendered.reason, 'BILL_INCOMPLETE');
      assert.equal(rendered.detail, 'items is missing or not usable');
    }
  });

  it('shows every won of the largest amounts, and of credits', () => {
    const largest = Number.MAX_SAFE_INTEGER;
    for (const [totalBilledAmount, shown] of [
      [largest, '9,007,199,254,740,991원'],
      [largest - 1, '9,007,199,254,740,990원'],
      [-largest, '-9,007,199,254,740,991원'],
      [-1, '-1원'],
    ] as const) {
      const bill = { ...sampleBill.bill, unpaidAmount: totalBilledAmount };
      assert.match(
        emailOf(addedUp({ ...sampleBill, items: [], bill }), shown).html.toString(),
        new RegExp(`>${shown}<`),
      );
    }
  });
});

function emailOf(bill: CompleteBill, which: string) {
  const rendered = renderer.render('EMAIL', loadedText(bill));
  if (rendered.kind !== 'email') assert.fail(`${which}: ${JSON.stringify(rendered)}`);
  return rendered;
}

function manyItems(count: number): LoadedItem[] {
  return Array.from({ length: count }, () => ({
    category: 'SUBSCRIPTION',
    subcategory: '부가서비스',
    name: '가'.repeat(40),
    amount: 1_000_000,
  }));
}

const amounts: Choices<number> = [
  0,
  1,
  -1,
  999,
  1_000,
  -1_000,
  1e15,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
];

/** A bill with plain texts. Its shape is how many rows it has, and what is missing. */
function harmlessBill(random: Random): CompleteBill {
  return addedUp({
    ...sampleBill,
    member: { ...sampleBill.member, address: random.chance(0.2) ? null : sampleBill.member.address },
    bill: {
      ...sampleBill.bill,
      unpaidAmount: random.pick([0, 1, -1, 999, 1_000, -1_000, 1e15, -1e15]),
      dueDate: random.chance(0.2) ? null : '2026-11-25',
    },
    items: Array.from({ length: random.integer(0, 6) }, () => ({
      category: random.pick(['SUBSCRIPTION', 'OVER_USAGE', 'ONE_TIME_PURCHASE', 'DISCOUNT']),
      subcategory: random.pick([null, '요금제']),
      name: '요금',
      amount: random.pick([0, 1, -1, 1_000, 1e12]),
    })),
    months: ['2026-11-01', '2026-10-01', '2026-09-01', '2026-08-01']
      .filter(() => random.chance(0.8))
      .map((billingMonth) => ({ billingMonth, totalBilledAmount: random.pick(amounts) })),
  });
}

/** The same bill with a bad text in each place that takes any text. */
function withBadTexts(bill: CompleteBill, random: Random): CompleteBill {
  return {
    ...bill,
    member: {
      ...bill.member,
      name: badText(random),
      address: bill.member.address === null ? null : badText(random),
      grade: badText(random),
    },
    bill: {
      ...bill.bill,
      paymentOwnerName: badText(random),
      paymentName: badText(random),
      paymentNumber: badText(random),
      issuedAt: random.chance(0.5) ? bill.bill.issuedAt : badText(random),
    },
    items: bill.items.map((item) => ({
      ...item,
      name: badText(random),
      subcategory: item.subcategory === null ? null : badText(random),
    })),
  };
}

const badParts: Choices<string> = [
  ...(['<', '>'] as const),
  ...[
    '"',
    "'",
    '`',
    '=',
    '&',
    '&lt;',
    '&#60;',
    '</td>',
    '<script>alert(1)</script>',
    '"><img src=x onerror=a>',
  ],
  ...[
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    'javascript:',
    '{{',
    '{{name}}',
    '{{#each items}}',
    '{{/if}}',
    '{{{x}}}',
  ],
  ...[
    '\r\nBcc: x@y.kr\r\n',
    '\n',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u009f',
    '\u2028',
    '\u2029',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u2069',
    '\u200f',
    '\u061c',
    '\ufeff',
    '\ud800',
    '\udfff',
    '\udc00\ud800',
    '\uffff',
  ],
  ...[
    '홍길동',
    '각',
    '👨‍👩‍👧‍👦',
    'e\u0301\u0301\u0301',
    '\u0338',
    'עברית',
    'ab',
    '  ',
    '010-1234-5678',
    '$&',
    '$1',
  ],
  ...['%00', '\\', '\\u003cb\\u003e', '🇰🇷', '\u{e0041}', '𝒜', '＜script＞', '\u00a0'],
];

function badText(random: Random): string {
  if (random.chance(0.02)) return random.pick(badParts).repeat(100);
  let text = '';
  for (let count = random.integer(0, 5); count > 0; count--) text += random.pick(badParts);
  return text;
}

function brokenText(whole: string, random: Random): string {
  const at = random.integer(0, whole.length - 1);
  const to = random.integer(at, Math.min(whole.length, at + 40));
  const patch = random.pick([
    '',
    'null',
    '""',
    '[]',
    '{}',
    '1e400',
    '"__proto__"',
    ',',
    random.pick(badParts),
  ]);
  return whole.slice(0, at) + patch + whole.slice(to);
}

const isMarkup = new Uint8Array(256);
for (const character of '<>"\'') isMarkup[character.charCodeAt(0)] = 1;

/** Everything between `<` and `>`, and every quote outside of it: what no text may add to or take from. */
function tagBytes(html: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(html.length);
  let [length, inTag] = [0, false];
  for (const byte of html) {
    if (byte === 0x3c) inTag = true;
    if (inTag || isMarkup[byte] === 1) kept[length++] = byte;
    if (byte === 0x3e) inTag = false;
  }
  return kept.subarray(0, length);
}

/** No control characters but the template's line breaks, no controls of direction, no half characters. */
function assertClean(text: string, which: string): void {
  const [found] = text.match(unclean) ?? [];
  assert.equal(found?.codePointAt(0)?.toString(16), undefined, which);
}
const unclean = /[[\p{Cc}--[\n]]\p{Bidi_Control}\p{Cs}\ufffd]/v;
