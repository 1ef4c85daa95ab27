import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { openRenderDeps } from '../../../src/operations/preview.ts';
import { reviewTemplate } from '../../../src/operations/templates/reviewTemplate.ts';
import { createBillModel } from '../../../src/render/bill/createBillModel.ts';
import { compileTemplates } from '../../../src/render/template/templates.ts';
import { withFiles } from '../../support/ourTemplates.ts';

const config = loadConfig({});

async function remarksOn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const set = withFiles(files);
  const model = await createBillModel(config.billModel);
  const templates = await compileTemplates(set, model.sampleViews());
  return reviewTemplate({ ...(await openRenderDeps({ config, templates })), set });
}

function mjmlOf(content: string, head = '<mj-title>x</mj-title>'): string {
  return `<mjml lang="ko"><mj-head>${head}</mj-head><mj-body background-color="#ffffff"><mj-section><mj-column>\n<mj-text>${content}</mj-text>\n</mj-column></mj-section></mj-body></mjml>`;
}

describe('reviewTemplate', () => {
  it('has nothing to say about the template of the project', async () => {
    assert.deepEqual(await remarksOn({}), []);
  });

  it('names a weak contrast with the line of its colour, wherever the style stands', async () => {
    const styled = '<mj-title>x</mj-title><mj-style>.weak td { color: #999999 }</mj-style>';
    const content = '<table class="weak"><tr><td bgcolor="#eeeeee">\nweak {{month}}</td></tr></table>';
    const remarks = await remarksOn({ 'ko/email.mjml': mjmlOf(content, styled) });
    assert.equal(remarks.length, 1);
    assert.match(remarks[0] ?? '', /bill\/ko\/email\.mjml:1: #999999 on #eeeeee has a contrast of 2\.\d/);
  });

  it('does not judge what is hidden, over a picture, or large enough', async () => {
    const content = [
      '<span style="display:none;color:#fff">{{month}}</span>',
      '<div style="background:url(https://x.kr/a.png);color:#fff">{{month}}</div>',
      '<b style="font-size:30px;color:#888888">{{month}}</b>',
    ].join('');
    assert.deepEqual(await remarksOn({ 'ko/email.mjml': mjmlOf(content) }), []);
  });

  it('reports a missing title, alt text, and text of a link', async () => {
    const content = '<img src="http://x.kr/a.png" /><a href="https://x.kr/"></a>{{month}}';
    const remarks = await remarksOn({ 'ko/email.mjml': mjmlOf(content, '').replace(' lang="ko"', '') });
    for (const fault of [
      /language is missing/,
      /title is missing/,
      /no alt/,
      /links have no text/,
      /over http:/,
    ]) {
      assert.ok(
        remarks.some((remark) => fault.test(remark)),
        `${fault}: ${remarks.join('\n')}`,
      );
    }
  });

  it('names words of an advertisement in the text of the template, not in its values', async () => {
    const remarks = await remarksOn({
      'ko/sms.txt': '{{memberName}}님 {{totalBilled}}\n이벤트',
      'en/email.txt': 'Use this coupon! {{month}}',
    });
    assert.ok(remarks.some((remark) => /ko\/sms\.txt:2: "이벤트": .*\(광고\)/.test(remark)));
    assert.ok(remarks.some((remark) => /en\/email\.txt:1: "coupon": /.test(remark)));
    assert.equal(remarks.length, 2);
  });

  it('says from how many items on Gmail cuts a bill off, and what is an LMS', async () => {
    const wide = `{{#each products}}<p style="margin:0">${'가'.repeat(1_000)}{{name}}</p>{{/each}}`;
    const [remark = ''] = await remarksOn({ 'ko/email.mjml': mjmlOf(wide) });
    assert.match(remark, /Gmail cuts off bills with more than \d+ products/);
    const [lms = ''] = await remarksOn({
      'ko/sms.txt': `{{memberName}}님 ${'요금'.repeat(40)} {{totalBilled}}`,
    });
    assert.match(lms, /goes out as LMS: shorten ko\/sms\.txt to 90/);
  });
});
