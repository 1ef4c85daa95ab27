import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadWritePdf } from '../../../src/pool/loadWritePdf.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { sampleBill, sealedText } from '../../../src/render/bill/sampleBill.ts';
import { createTablesModel } from '../../../src/render/bill/tablesModel.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import type { PdfFacts, PdfOptions } from '../../../src/render/pdf/attachment.ts';
import { letterWarnings } from '../../../src/render/pdf/letterWarnings.ts';
import { compileTemplates } from '../../../src/render/template/templates.ts';
import { compileOurTemplates, compileSet, ourTemplateSet, withFiles } from '../../support/ourTemplates.ts';
import { testCipherOptions } from '../bill/testCiphers.ts';

const writePdf = await loadWritePdf({ password: 'none' });
assert.ok(writePdf !== undefined);
const write = writePdf;
const facts: PdfFacts = { title: '청구서', language: 'ko', createdAtMs: 0, password: undefined };
const ciphers = createFieldCiphers(testCipherOptions());
const templates = await compileOurTemplates();

function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').split('/Type /Page\n').length - 1;
}

function attached(pdf: PdfOptions, phone: string | null) {
  const renderer = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul', pdf, writePdf });
  const bill = { ...sampleBill, member: { ...sampleBill.member, phone } };
  const rendered = renderer.render('EMAIL', sealedText(bill, ciphers));
  assert.ok(rendered.kind === 'email');
  return rendered.attachments;
}

describe('the PDF of a bill', () => {
  it('holds Korean letters and is the same each time', () => {
    const pdf = write('# 청구서\n\n홍*동 | 98,900원\n---', facts);
    assert.match(pdf.toString('latin1'), /^%PDF-1\..*NanumGothic.*%%EOF\n$/s);
    assert.deepEqual(write('# 청구서\n\n홍*동 | 98,900원\n---', facts), pdf);
    assert.ok(pdf.length < 40_000, String(pdf.length));
  });

  it('writes a plain blank for a special one that the font lacks', () => {
    const amount = '12,50\u00a0€ 1\u202f000';
    assert.deepEqual(write(amount, facts), write('12,50 € 1 000', facts));
    assert.deepEqual(write.lacking(`${amount}\n청구서 | $1`), []);
  });

  it('says which letters its font lacks', () => {
    assert.deepEqual(write.lacking('残高 Größe 残 가'), ['残', '高', 'ö']);
  });

  it('takes another font, and says so if it is none', async () => {
    const font = fileURLToPath(
      import.meta.resolve('@expo-google-fonts/nanum-gothic/700Bold/NanumGothic_700Bold.ttf'),
    );
    const bold = await loadWritePdf({ password: 'none', font });
    assert.match(bold?.('청구서', facts).toString('latin1') ?? '', /NanumGothicBold/);
    for (const none of ['/nowhere.ttf', fileURLToPath(import.meta.url)]) {
      await assert.rejects(
        loadWritePdf({ password: 'none', font: none }),
        /^BillcastError: PDF_FONT: .* cannot be read/,
      );
    }
  });

  it('is known to lack letters before a month goes out', async () => {
    const files = withFiles({ 'ko/pdf.txt': '# ご請求書 {{totalBilled}}' });
    const warnings = letterWarnings(await compileSet(files), createTablesModel().sampleViews().email, write);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /^ko\/pdf\.txt has letters that the font lacks, .*: ご 請 求 書; name a font/,
    );
  });

  it('takes as many pages as it needs, and no text throws', () => {
    const rows = Array.from({ length: 120 }, (_, index) => `상품 ${index} | 1,000원`).join('\n');
    assert.equal(pagesOf(write(rows, facts)), 3);
    for (const text of ['', '|', '#', '## ', '🎉 \u202e שלום', 'x'.repeat(5_000), '가 | 나 | 다']) {
      assert.ok(pagesOf(write(text, facts)) >= 1);
    }
  });

  it('goes with the e-mail, in clear or under the phone number', () => {
    const [plain] = attached({ password: 'none' }, '010-1234-5678') ?? [];
    assert.deepEqual([plain?.name, plain?.contentType], ['bill.pdf', 'application/pdf']);
    assert.ok(!plain?.content.includes('/Encrypt'));
    const [sealed] = attached({ password: 'phone' }, '010-1234-5678') ?? [];
    assert.ok(sealed?.content.includes('/Encrypt') && sealed.content.includes('AESV3'));
    assert.deepEqual(attached({ password: 'phone' }, null), []);
  });

  it('is missing without the setting, and needs its file with it', async () => {
    const plain = createRenderer({ templates, ciphers, timeZone: 'Asia/Seoul' });
    const rendered = plain.render('EMAIL', sealedText(sampleBill, ciphers));
    assert.ok(rendered.kind === 'email' && rendered.attachments === undefined);
    const { 'en/pdf.txt': _, ...files } = ourTemplateSet.files;
    const without = await compileTemplates({ ...ourTemplateSet, files }, createTablesModel().sampleViews());
    assert.throws(
      () =>
        createRenderer({
          templates: without,
          ciphers,
          timeZone: 'Asia/Seoul',
          pdf: { password: 'none' },
          writePdf,
        }),
      { code: 'TEMPLATE_INVALID', message: /^en\/pdf\.txt:1: the file is missing: ATTACH_PDF needs it/ },
    );
  });
});
