import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTemplates } from '../../../src/pool/readTemplates.ts';
import type { TemplateSources } from '../../../src/render/template/templateFiles.ts';
import { compileTemplates } from '../../../src/render/template/templates.ts';

const sources = await readTemplates(join(import.meta.dirname, '../../../templates'));
function mjmlOf(content: string): string {
  return `<mjml><mj-body>\n${content}\n</mj-body></mjml>`;
}
function textOf(content: string): string {
  return `<mj-section><mj-column><mj-text>${content}</mj-text></mj-column></mj-section>`;
}

async function refusalOf(changed: Partial<TemplateSources>): Promise<string> {
  const fault = await compileTemplates({ ...sources, ...changed }).then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  assert.equal(fault.code, 'TEMPLATE_INVALID');
  return fault.message;
}

describe('compileTemplates', () => {
  it('compiles the templates of the project', async () => {
    const templates = await compileTemplates(sources);
    assert.deepEqual(structuredClone(templates), templates);
  });

  it('names file, line and the names that exist for a misspelt placeholder', async () => {
    const message = await refusalOf({ 'bill.txt': 'one\n{{#if hasUnpaid}}{{else}}\n{{totalBiled}}{{/if}}' });
    assert.match(message, /^templates\/bill\.txt:3: there is no "totalBiled" here; there are: .*totalBilled/);
  });

  it('finds what only an empty list would print', async () => {
    assert.match(
      await refusalOf({ 'bill.txt': '{{#each products}}{{name}}{{else}}{{nothing}}{{/each}}' }),
      /nothing/,
    );
  });

  it('knows what an SMS has', async () => {
    assert.match(
      await refusalOf({ 'bill.sms.txt': '{{address}}' }),
      /bill\.sms\.txt:1: there is no "address"/,
    );
  });

  it('names the line of the MJML as it was written', async () => {
    assert.match(await refusalOf({ 'bill.mjml': mjmlOf(textOf('{{nobody}}')) }), /bill\.mjml:2: .*nobody/);
    assert.match(
      await refusalOf({ 'bill.mjml': mjmlOf('<mj-colum></mj-colum>') }),
      /bill\.mjml:2: .*mj-colum/,
    );
  });

  it('refuses a link that is not http(s), mailto or tel, as it was written and as MJML makes it', async () => {
    const link = (url: string) => ({ 'bill.mjml': mjmlOf(textOf(`<a href="${url}">x</a>`)) });
    assert.match(await refusalOf(link('javascript:x')), /bill\.mjml:2: href takes http/);
    const button = `<mj-section background-url="javascript:x"><mj-column></mj-column></mj-section>`;
    assert.match(await refusalOf({ 'bill.mjml': mjmlOf(button) }), /bill\.mjml:2: background-url/);
    const { EMAIL } = await compileTemplates({ ...sources, ...link('https://x.kr/?n={{invoiceNumber}}') });
    assert.ok(EMAIL.kind === 'email');
    assert.ok(EMAIL.html.some((node) => node.kind === 'value' && node.url === 'http'));
  });

  it('refuses what MJML would leave out', async () => {
    const conditional = `{{#if hasUnpaid}}${textOf('x')}{{/if}}`;
    assert.match(
      await refusalOf({ 'bill.mjml': mjmlOf(conditional) }),
      /bill\.mjml:2: MJML drops .*hasUnpaid/,
    );
  });

  it('refuses what is no MJML, and what is empty', async () => {
    assert.match(await refusalOf({ 'bill.mjml': 'hello' }), /bill\.mjml:1/);
    assert.match(
      await refusalOf({ 'bill.subject.txt': ' \n' }),
      /bill\.subject\.txt:1: the template is empty/,
    );
  });

  it('reports the problems of all files at once', async () => {
    const message = await refusalOf({ 'bill.txt': '{{a}}', 'bill.subject.txt': '{{b}}' });
    assert.equal(message.split('\n').length, 2);
  });

  it('makes one line of a subject', async () => {
    const { EMAIL } = await compileTemplates({
      ...sources,
      'bill.subject.txt': 'one\r\nBcc: {{month}}\n\n',
    });
    assert.ok(EMAIL.kind === 'email');
    const { subject } = EMAIL;
    assert.deepEqual(subject[0], { kind: 'text', text: 'one Bcc: ' });
    assert.equal(subject.length, 2);
  });
});
