import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { sampleBill, sealedText } from '../../../src/render/bill/sampleBill.ts';
import type { CompleteBill, LoadedItem } from '../../../src/render/bill/sourceBill.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { openChromium } from '../../../tools/screenshots/openChromium.ts';
import { compileOurTemplates } from '../../support/ourTemplates.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { addedUp } from './addedUp.ts';
import { testCipherOptions } from './testCiphers.ts';

const templates = await compileOurTemplates();
const ciphers = createFieldCiphers(testCipherOptions());
const renderer = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul' });
/** The folder of the pictures, for a person to look at. */
const screenshots = join(projectDir, '.billcast', 'screenshots');

function htmlOf(bill: CompleteBill): string {
  const rendered = renderer.render('EMAIL', sealedText(bill, ciphers));
  assert.ok(rendered.kind === 'email', JSON.stringify(rendered));
  return rendered.html.toString();
}

const long = '가나다라마바사아자차'.repeat(10);
const unbroken = 'A1b2C3d4E5'.repeat(10);
const hostile = `\u202eשלום\u2066<script>document.title="run"</script></td></table><img src=x onerror=alert(1)>`;
function item(name: string): LoadedItem {
  return {
    category: 'ONE_TIME_PURCHASE',
    subcategory: name.slice(0, 30),
    name,
    amount: 9_999_999_999,
  };
}

function withTexts(text: string): CompleteBill {
  return addedUp({
    ...sampleBill,
    member: { ...sampleBill.member, name: text, grade: text, address: text },
    bill: {
      ...sampleBill.bill,
      paymentOwnerName: text,
      paymentName: text,
      paymentNumber: text,
      unpaidAmount: 9_999_999_999,
    },
    items: [item(text), { ...item(text), category: 'DISCOUNT' }],
    months: sampleBill.months.map((month) => ({ ...month, totalBilledAmount: 9_999_999_999 })),
  });
}

function withTenDigits(unpaidAmount: number): CompleteBill {
  return addedUp({
    ...sampleBill,
    items: sampleBill.items.map((item) => ({ ...item, amount: 1_987_654_321 })),
    bill: { ...sampleBill.bill, unpaidAmount },
    months: sampleBill.months.map((month) => ({ ...month, totalBilledAmount: 9_987_654_321 })),
  });
}

const bills: Readonly<Record<string, CompleteBill>> = {
  sample: sampleBill,
  'names of 100 characters': withTexts(long),
  'names of 100 letters without a space': withTexts(unbroken),
  'markup and marks of right-to-left scripts': withTexts(hostile),
  '200 items': addedUp({
    ...sampleBill,
    items: Array.from({ length: 200 }, (_, index) => ({ ...item(`상품 ${index}`), amount: 9_999_999 })),
  }),
  'a credit larger than the bill': {
    ...addedUp({ ...sampleBill, bill: { ...sampleBill.bill, unpaidAmount: -137_000 } }),
  },
  'a bill of 0, cut to ten won, with a tax on top': {
    ...sampleBill,
    bill: { ...sampleBill.bill, unpaidAmount: -98_297, totalBilledAmount: 0 },
    months: [...sampleBill.months, { billingMonth: '2026-09-01', totalBilledAmount: 1 }],
  },
  'ten digits everywhere': withTenDigits(3_987_654_321),
  'a credit of ten digits': withTenDigits(-9_987_654_321),
  'one month and no due date': {
    ...sampleBill,
    bill: { ...sampleBill.bill, dueDate: null },
    months: [],
  },
};

describe('the e-mail in a browser', () => {
  const folder = useTemporaryFolder();
  let browser: Browser;
  /** One for all tests: this Chromium is a single process, and ends with its last page. */
  let page: Page;
  before(async () => {
    await mkdir(screenshots, { recursive: true });
    browser = await openChromium(folder);
    page = await browser.newPage();
    // As a mail program that loads nothing from elsewhere.
    await page.route('**', (route) => route.abort());
  });
  after(() => browser.close());

  it('shows Korean letters, and not the same box for each', async () => {
    assert.equal(await page.evaluate<boolean>(differ('가', '힣')), true);
    assert.equal(await page.evaluate<boolean>(differ('가', '가')), false);
  });

  for (const [name, bill] of Object.entries(bills)) {
    for (const width of [375, 700]) {
      it(`${name}: ${width} pixels wide, nothing sticks out and what matters is seen`, async () => {
        const html = htmlOf(bill);
        assert.ok(Buffer.byteLength(html) < 100_000, 'mail programs cut off what is longer');
        await page.setViewportSize({ width, height: 900 });
        await page.setContent(html);
        await page.screenshot({
          path: join(screenshots, `${name.replaceAll(/[ ,]+/g, '-')}-${width}.png`),
          fullPage: true,
        });
        const seen = await page.evaluate<PageFacts>(readPage);
        assert.deepEqual(
          { wider: seen.scrollWidth - seen.innerWidth, images: seen.images, title: seen.title },
          { wider: 0, images: 0, title: '2026년 11월 요금 청구서' },
        );
        assert.deepEqual(seen.brokenAmounts, []);
        const bars = new Set(bill.months.map(({ billingMonth }) => billingMonth)).size;
        if (bill.bill.totalBilledAmount > 0) assert.equal(seen.barWidths.length, bars + 1);
        assert.ok(
          seen.barWidths.every((bar) => bar >= 1),
          String(seen.barWidths),
        );
        const total = `${bill.bill.totalBilledAmount.toLocaleString('en')}원`;
        await assertSeen(page, total);
        if (bill.bill.totalBilledAmount <= 0) await assertSeen(page, '납부하실 금액이 없습니다.');
        else if (bill.bill.dueDate !== null) await assertSeen(page, '2026년 11월 25일');
      });
    }
  }
});

async function assertSeen(page: Page, text: string): Promise<void> {
  const shown = page.getByText(text).filter({ visible: true });
  assert.ok((await shown.count()) > 0, `${text} is not seen`);
}

interface PageFacts {
  readonly scrollWidth: number;
  readonly innerWidth: number;
  readonly images: number;
  readonly title: string;
  /** Amounts that do not stand on one line. */
  readonly brokenAmounts: readonly string[];
  readonly barWidths: readonly number[];
}

/** Whether two letters are drawn differently; runs in the browser. */
function differ(...letters: readonly [string, string]): string {
  return `(() => {
  const [first, second] = ${JSON.stringify(letters)}.map((letter) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.font = '40px sans-serif';
    context.fillText(letter, 10, 60);
    return canvas.toDataURL();
  });
  return first !== second;
})()`;
}

/** Runs in the browser, as text: this project has no types of the DOM. */
const readPage = `({
  scrollWidth: document.documentElement.scrollWidth,
  innerWidth,
  images: document.images.length,
  title: document.title,
  brokenAmounts: [...document.querySelectorAll('p, td, b')]
    .filter((cell) => {
      if (!/^-?[0-9,]+원$/.test(cell.textContent.trim())) return false;
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    })
    .map((cell) => cell.textContent),
  barWidths: [...document.querySelectorAll('td[bgcolor="#2f66e8"], td[bgcolor="#b3c5ee"]')]
    .map((bar) => bar.getBoundingClientRect().width),
})`;
