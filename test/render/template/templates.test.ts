import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelNames } from '../../../src/channels.ts';
import type { TemplateSet } from '../../../src/render/template/templateFiles.ts';
import { compileOurTemplates, compileSet, ourTemplateSet, withFiles } from '../../support/ourTemplates.ts';

function mjmlOf(content: string): string {
  return `<mjml><mj-body>\n${content}\n</mj-body></mjml>`;
}
function textOf(content: string): string {
  return `<mj-section><mj-column><mj-text>${content}</mj-text></mj-column></mj-section>`;
}

async function refusalOf(changed: Readonly<Record<string, string>>): Promise<string> {
  return refusalOfSet(withFiles(changed));
}

async function refusalOfSet(set: TemplateSet): Promise<string> {
  const fault = await compileSet(set).then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  assert.equal(fault.code, 'TEMPLATE_INVALID');
  return fault.message;
}

describe('compileTemplates', () => {
  it('compiles the templates of the project', async () => {
    const templates = await compileOurTemplates();
    assert.deepEqual(structuredClone(templates), templates);
  });

  it('names file, line and the names that exist for a misspelt placeholder', async () => {
    const message = await refusalOf({
      'ko/email.txt': 'one\n{{#if hasUnpaid}}{{else}}\n{{totalBiled}}{{/if}}',
    });
    assert.match(
      message,
      /^templates\/bill\/ko\/email\.txt:3: there is no "totalBiled" here; there are: .*totalBilled/,
    );
  });

  it('finds what only an empty list would print', async () => {
    assert.match(
      await refusalOf({ 'ko/email.txt': '{{#each products}}{{name}}{{else}}{{nothing}}{{/each}}' }),
      /nothing/,
    );
  });

  it('knows what an SMS has', async () => {
    assert.match(await refusalOf({ 'ko/sms.txt': '{{address}}' }), /ko\/sms\.txt:1: there is no "address"/);
  });

  it('checks the buttons of an AlimTalk with the sample bill', async () => {
    const buttons = 'ko/alimtalk.buttons.txt';
    assert.match(
      await refusalOf({ [buttons]: '납부 | https://pay.example/\n청구서 보기 | pay.example' }),
      /ko\/alimtalk\.buttons\.txt:2: needs an address that begins with https/,
    );
    const { languages } = await compileSet(withFiles({ [buttons]: '납부 | https://pay.example/{{month}}' }));
    const { ALIMTALK: talk, SMS: sms } = languages.ko?.messages ?? assert.fail();
    assert.ok(talk?.kind === 'text' && talk.buttons !== undefined);
    assert.ok(sms?.kind === 'text' && sms.buttons === undefined);
  });

  it('names the line of the MJML as it was written', async () => {
    assert.match(
      await refusalOf({ 'ko/email.mjml': mjmlOf(textOf('{{nobody}}')) }),
      /ko\/email\.mjml:2: .*nobody/,
    );
    assert.match(
      await refusalOf({ 'ko/email.mjml': mjmlOf('<mj-colum></mj-colum>') }),
      /ko\/email\.mjml:2: .*mj-colum/,
    );
  });

  it('refuses a link that is not http(s), mailto or tel, as it was written and as MJML makes it', async () => {
    const link = (url: string) => ({ 'ko/email.mjml': mjmlOf(textOf(`<a href="${url}">x</a>`)) });
    assert.match(await refusalOf(link('javascript:x')), /ko\/email\.mjml:2: href takes http/);
    const button = `<mj-section background-url="javascript:x"><mj-column></mj-column></mj-section>`;
    assert.match(await refusalOf({ 'ko/email.mjml': mjmlOf(button) }), /ko\/email\.mjml:2: background-url/);
    const { languages } = await compileSet(withFiles(link('https://x.kr/?n={{invoiceNumber}}')));
    const email = languages.ko?.messages.EMAIL;
    assert.ok(email?.kind === 'email');
    assert.ok(email.html.some((node) => node.kind === 'value' && node.url === 'http'));
  });

  it('refuses what MJML would leave out', async () => {
    const conditional = `{{#if hasUnpaid}}${textOf('x')}{{/if}}`;
    assert.match(
      await refusalOf({ 'ko/email.mjml': mjmlOf(conditional) }),
      /ko\/email\.mjml:2: MJML drops .*hasUnpaid/,
    );
  });

  it('refuses what is no MJML, and what is empty', async () => {
    assert.match(await refusalOf({ 'ko/email.mjml': 'hello' }), /ko\/email\.mjml:1/);
    assert.match(
      await refusalOf({ 'ko/email.subject.txt': ' \n' }),
      /ko\/email\.subject\.txt:1: the template is empty/,
    );
  });

  it('names the part that a problem stands in, and its line there', async () => {
    const message = await refusalOf({
      'ko/email.mjml': mjmlOf(`${textOf('x')}\n{{> footer}}`),
      'parts/footer.mjml': `\n${textOf('{{nobody}}')}\n`,
    });
    assert.match(message, /^templates\/bill\/parts\/footer\.mjml:2: there is no "nobody"/);
  });

  it('refuses mj-include, which MJML would leave out without a word', async () => {
    assert.match(
      await refusalOf({ 'ko/email.mjml': mjmlOf('<mj-include path="/etc/passwd" />') }),
      /ko\/email\.mjml:2: mj-include is not followed: write {{> name}}/,
    );
  });

  it('checks each language, and wants every file of it', async () => {
    const { 'en/sms.txt': _, ...files } = ourTemplateSet.files;
    assert.match(await refusalOfSet({ ...ourTemplateSet, files }), /en\/sms\.txt:1: the file is missing/);
    assert.match(await refusalOf({ 'en/email.txt': '{{nobody}}' }), /en\/email\.txt:1: there is no "nobody"/);
    assert.match(
      await refusalOfSet({ ...ourTemplateSet, defaultLanguage: 'ja' }),
      /bill\/ja\/sms\.txt:1: the file is missing/,
    );
  });

  it('needs no file of a channel that is not in use, and has no message of it then', async () => {
    const { 'en/sms.txt': _, ...files } = ourTemplateSet.files;
    const { languages } = await compileSet({ ...ourTemplateSet, files, channels: ['EMAIL'] });
    assert.deepEqual(Object.keys(languages.en?.messages ?? {}), ['EMAIL']);
    assert.deepEqual(Object.keys(languages.ko?.messages ?? {}), channelNames);
  });

  it('refuses a file that no message uses: most likely its name is misspelt', async () => {
    assert.match(await refusalOf({ 'ko/emial.txt': 'x' }), /ko\/emial\.txt:1: no message uses this file: /);
    assert.match(await refusalOf({ 'sms.txt': 'x' }), /bill\/sms\.txt:1: no message uses this file: /);
  });

  it('takes the words of a language from its folder', async () => {
    const words = { locale: 'en-GB', categories: { DISCOUNT: 'Off' } };
    const { languages } = await compileSet(withFiles({ 'en/words.json': JSON.stringify(words) }));
    assert.equal(languages.en?.words.locale, 'en-GB');
    assert.equal(languages.en?.words.categories.DISCOUNT, 'Off');
    assert.equal(languages.en?.words.nameless, 'Customer');
    assert.match(await refusalOf({ 'en/words.json': '{"local": 1}' }), /words\.json:1: "local" is not used/);
  });

  it('takes a link only if the template says what it prints without one', async () => {
    assert.match(
      await refusalOf({ 'ko/sms.txt': 'x\n{{viewUrl}}' }),
      /ko\/sms\.txt:2: {{viewUrl}} has no value with these settings/,
    );
    const guarded = '{{#if viewUrl}}{{viewUrl}}{{/if}}';
    assert.equal((await refusalOf({ 'ko/sms.txt': `${guarded}{{a}}` })).split('\n').length, 1);
  });

  it('reports the problems of all files at once', async () => {
    const message = await refusalOf({ 'ko/email.txt': '{{a}}', 'ko/email.subject.txt': '{{b}}' });
    assert.equal(message.split('\n').length, 2);
  });

  it('makes one line of a subject', async () => {
    const set = withFiles({ 'ko/email.subject.txt': 'one\r\nBcc: {{month}}\n\n' });
    const email = (await compileSet(set)).languages.ko?.messages.EMAIL;
    assert.ok(email?.kind === 'email');
    const { subject } = email;
    assert.deepEqual(subject[0], { kind: 'text', text: 'one Bcc: ' });
    assert.equal(subject.length, 2);
  });
});
