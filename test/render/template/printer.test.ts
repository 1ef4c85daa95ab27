import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Handlebars from 'handlebars';
import { createByteWriter } from '../../../src/render/template/byteWriter.ts';
import { parseTemplate } from '../../../src/render/template/parseTemplate.ts';
import { createPrinter, type OutputKind, type Scope } from '../../../src/render/template/printer.ts';

function print(source: string, view: Scope, output: OutputKind): string {
  const parsed = parseTemplate(source);
  if (parsed.kind === 'refused') assert.fail(JSON.stringify(parsed.problems));
  const out = createByteWriter(16);
  createPrinter(parsed.nodes, output)(view, out);
  return out.take().toString();
}

const view = {
  name: '<b>"홍\'길동"</b> & `=`',
  none: null,
  empty: '',
  yes: true,
  no: false,
  noItems: [],
  items: [
    { name: 'a', rows: [{ name: '1' }, { name: '2' }] },
    { name: '<', rows: [] },
  ],
};

const sources = [
  'plain text only, 한글',
  '{{name}}|{{none}}|{{empty}}',
  '{{#each items}}({{name}}{{#each rows}}[{{name}}]{{else}}no rows{{/each}}){{/each}}',
  '{{#each noItems}}x{{else}}none of {{name}}{{/each}}',
  '{{#if yes}}yes{{else}}no{{/if}} {{#if no}}yes{{else}}no{{/if}} {{#unless no}}not{{/unless}}',
  '{{#if noItems}}yes{{else}}no{{/if}} {{#if items}}yes{{/if}} {{#if empty}}yes{{/if}} {{#if none}}yes{{/if}}',
  '{{! a comment }}a {{~name~}} b\n{{#if yes}}\nown line\n{{/if}}\nend',
  '{{#if no}}1{{else if yes}}2{{else}}3{{/if}}',
];

describe('createPrinter', () => {
  for (const source of sources) {
    it(`prints ${JSON.stringify(source)} as Handlebars does`, () => {
      assert.equal(print(source, view, 'html'), Handlebars.compile(source)(view));
      assert.equal(print(source, view, 'text'), Handlebars.compile(source, { noEscape: true })(view));
    });
  }

  it('throws if a view has no text or no list', () => {
    assert.throws(() => print('{{missing}}', view, 'html'), TypeError);
    assert.throws(() => print('{{#each name}}{{/each}}', view, 'html'), TypeError);
  });
});
