import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { createBillModel } from '../../../src/render/bill/createBillModel.ts';
import { createLanguageFormat } from '../../../src/render/bill/languageFormat.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { builtInWords } from '../../../src/render/template/languageWords.ts';
import { parseTemplate } from '../../../src/render/template/parseTemplate.ts';
import type { Templates } from '../../../src/render/template/templateFiles.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { testCipherOptions } from './testCiphers.ts';

const folder = useTemporaryFolder();
const ciphers = createFieldCiphers(testCipherOptions());
const settings = { timeZone: 'Europe/Berlin', currency: 'EUR' };

const sample = {
  member: 'b7f3',
  email: 'erika@example.com',
  phone: '+49 170 5550100',
  language: 'en',
  fields: {
    meter: 'DE-42',
    total: { money: 12_345 },
    due: { date: '2026-11-25' },
    used: 1_234.5,
    name: { sealed: 'name', value: 'Erika Mustermann' },
    isEstimated: true,
    lines: [{ label: 'Energy', amount: { money: '9999' } }],
  },
};

function nodesOf(source: string) {
  const parsed = parseTemplate(source);
  assert.ok(parsed.kind === 'parsed');
  return parsed.nodes;
}

const text = nodesOf(
  '{{meter}} {{total}} {{due}} {{used}} {{name}}{{#if isEstimated}} est{{/if}}{{#each lines}} {{label}}={{amount}}{{/each}}',
);
const messages = {
  EMAIL: { kind: 'email', html: text, text, subject: text },
  SMS: { kind: 'text', text },
} as const;
const templates: Templates = {
  name: 'theirs',
  version: '1',
  defaultLanguage: 'de',
  languages: {
    de: { version: '1', words: builtInWords('de'), messages },
    en: { version: '1', words: builtInWords('en'), messages },
  },
};

async function rendererOf(viewModule?: string) {
  const model = await createBillModel({ ...settings, sample: JSON.stringify(sample), viewModule });
  return { model, renderer: createRenderer({ ...settings, templates, ciphers, model }) };
}

/** The bill as `load.sql` gives it: sealed. */
async function render(changed: object = {}, viewModule?: string) {
  const { model, renderer } = await rendererOf(viewModule);
  const loaded = { ...JSON.parse(model.sampleText(ciphers, 'en')), ...changed };
  const rendered = renderer.render('EMAIL', JSON.stringify(loaded));
  return rendered.kind === 'email' ? rendered.text.toString() : JSON.stringify(rendered);
}

describe('a bill whose values say how they are printed', () => {
  it('is printed in the language and currency of its member', async () => {
    assert.equal(
      await render(),
      'DE-42 €123.45 November 25, 2026 1,234.5 E**** M*** est Energy=€99.99'.replace('E****', 'E***'),
    );
    const german = await render({ language: null, currency: 'USD' });
    assert.equal(
      german.replace(/\s/g, ' '),
      'DE-42 123,45 $ 25. November 2026 1.234,5 E*** M*** est Energy=99,99 $',
    );
  });

  it('is BILL_INCOMPLETE with the path of a value that cannot be printed, and without the value', async () => {
    for (const [fields, path] of [
      [{ total: { money: 12.5 } }, 'total'],
      [{ lines: [{ amount: { money: 'secret' } }] }, 'lines.amount'],
      [{ due: { date: 'secret' } }, 'due'],
      [{ odd: { unheard: 1 } }, 'odd'],
      [{ odd: ['secret'] }, 'odd'],
    ] as const) {
      const said = await render({ fields });
      assert.match(said, /"BILL_INCOMPLETE"/);
      assert.ok(said.includes(`"${path} is missing or not usable"`), said);
      assert.ok(!said.includes('secret'));
    }
    assert.match(await render({ member: undefined }), /member is missing/);
    assert.match(await render({ currency: 'euro' }), /currency is missing or not usable/);
  });

  it('goes abroad by SMS with every letter, and in Korea with those of CP949', async () => {
    const fields = { ...sample.fields, meter: `café\u202f${'x'.repeat(90)}` };
    const smsTo = async (phone: string) => {
      const model = await createBillModel({
        ...settings,
        sample: JSON.stringify({ ...sample, phone, fields }),
      });
      const { render: renderBill } = createRenderer({ ...settings, templates, ciphers, model });
      return renderBill('SMS', model.sampleText(ciphers, 'en'));
    };
    const [abroad, korean] = [await smsTo('+49 170 5550100'), await smsTo('010-1234-5678')];
    const { model } = await rendererOf();
    assert.ok(abroad.kind === 'text' && korean.kind === 'text');
    assert.match(abroad.text, /^café x/);
    assert.deepEqual([abroad.replaced, abroad.isLms], [undefined, undefined]);
    assert.match(korean.text, /^cafe x/);
    assert.deepEqual([korean.replaced?.includes('é'), korean.isLms], [true, true]);
    assert.equal(model.textForecast(createLanguageFormat(builtInWords('en'), settings)), undefined);
  });

  it('opens a sealed value for its member only', async () => {
    assert.match(await render({ member: 'another' }), /CIPHER_FAILED/);
  });

  it('never throws, whatever is loaded', async () => {
    const { renderer } = await rendererOf();
    fc.assert(
      fc.property(fc.json(), (loaded) => {
        const { kind } = renderer.render('SMS', loaded);
        return kind === 'unpreparable' || kind === 'text';
      }),
    );
  });

  it('gives its sealed values to whoever may open them', async () => {
    const { model } = await rendererOf();
    const sealed = model.sealedFieldsOf(model.sampleText(ciphers, 'en'));
    assert.equal(sealed?.memberId, 'b7f3');
    assert.match(sealed?.values.name ?? '', /^v2:/);
    assert.match(sealed?.values.phone ?? '', /^v2:/);
    assert.equal(sealed?.values.address, null);
  });

  it('refuses a sample that is no bill', async () => {
    const wrong = createBillModel({ ...settings, sample: '{"member":"1"}' }).then((model) =>
      model.sampleViews(),
    );
    await assert.rejects(wrong, { code: 'SOURCE_INVALID', message: /sample\.json: fields is missing/ });
  });
});

describe('a view module', () => {
  function write(name: string, source: string): string {
    const path = join(folder, name);
    writeFileSync(path, source);
    return pathToFileURL(path).href;
  }

  it('makes the view, and says what is wrong with a bill', async () => {
    const module = write(
      'view.ts',
      `export default {
        view: ({ fields }, { showAll }) => ({ ...showAll(fields), meter: 'Zähler ' + fields.meter }),
        check: ({ fields }) => (fields.lines.length === 0 ? 'there are no lines' : undefined),
      };`,
    );
    assert.match(await render({}, module), /^Zähler DE-42 €123\.45/);
    const said = await render({ fields: { ...sample.fields, lines: [] } }, module);
    assert.match(said, /"BILL_INCOMPLETE","detail":"there are no lines"/);
  });

  it('that cannot be loaded, or is none, ends with a clear word', async () => {
    await assert.rejects(rendererOf(pathToFileURL(join(folder, 'missing.ts')).href), {
      code: 'MODULE_INVALID',
      message: /^VIEW_MODULE: .*missing\.ts cannot be loaded: /,
    });
    await assert.rejects(rendererOf(write('none.ts', 'export const view = 1;')), {
      code: 'MODULE_INVALID',
      message: /the default export of .* is not what it must be: see docs\/your-code\.md/,
    });
  });
});
