import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HiddenField, hiddenFieldsOf } from '../../../src/render/proof/hiddenFields.ts';
import { parseTemplate } from '../../../src/render/template/parseTemplate.ts';

function nodesOf(source: string) {
  const parsed = parseTemplate(source);
  assert.ok(parsed.kind === 'parsed');
  return parsed.nodes;
}

/** As `a b[c d]`. */
function hidden(html: string, text: string): string {
  const shown = (fields: readonly HiddenField[]): string =>
    fields.map(({ name, items }) => (items ? `${name}[${shown(items)}]` : name)).join(' ');
  return shown(hiddenFieldsOf([nodesOf(html)], [nodesOf(text)]));
}

describe('hiddenFieldsOf', () => {
  it('names what the text does not print, once and sorted, without the link', () => {
    assert.equal(hidden('{{c}} {{b}} {{a}} {{b}} {{viewUrl}}', '{{a}}'), 'b c');
    assert.equal(hidden('{{a}}{{#if b}}{{c}}{{/if}}', ''), 'a b c');
  });

  it('takes a value as shown only if the text prints it whenever the other does', () => {
    assert.equal(hidden('{{a}}', '{{#if b}}{{a}}{{/if}}'), 'a');
    assert.equal(hidden('{{#if b}}{{a}}{{/if}}', '{{#if b}}{{a}}{{/if}}'), '');
    assert.equal(hidden('{{#unless b}}{{a}}{{/unless}}', '{{#if b}}{{a}}{{/if}}'), 'a');
    assert.equal(hidden('{{a}}', '{{#if b}}{{a}}!{{else}}{{a}}?{{/if}}'), '');
    assert.equal(hidden('{{a}}', '{{#if a}}yes{{/if}}'), 'a');
    assert.equal(hidden('{{#if a}}yes{{/if}}', '{{a}}'), '');
  });

  it('looks into lists', () => {
    assert.equal(hidden('{{#each l}}{{x}}{{y}}{{/each}}', '{{#each l}}{{x}}{{/each}}'), 'l[y]');
    assert.equal(hidden('{{#each l}}{{x}}{{/each}}', '{{#if l}}{{#each l}}{{x}}{{/each}}{{/if}}'), '');
    assert.equal(hidden('{{#each l}}{{x}}{{/each}}', '{{#if b}}{{#each l}}{{x}}{{/each}}{{/if}}'), 'l[x]');
    assert.equal(hidden('{{#each l}}{{x}}{{else}}{{none}}{{/each}}', '{{x}}'), 'l[x] none');
    assert.equal(hidden('{{#if l}}{{x}}{{/if}}', '{{#each l}}{{x}}{{/each}}'), 'x');
  });
});
