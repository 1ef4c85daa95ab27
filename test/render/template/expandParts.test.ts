import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { expandParts } from '../../../src/render/template/expandParts.ts';

function expand(files: Readonly<Record<string, string>>, file = 'ko/email.mjml') {
  return expandParts(
    { name: 'bill', folder: 'templates/bill', defaultLanguage: 'ko', channels: [], files },
    file,
  );
}

describe('expandParts', () => {
  it('puts a part in, of the language first, and says where each line comes from', () => {
    const { text, lines, problems } = expand({
      'ko/email.mjml': 'a\n  {{> style}}\nb {{>  foot  }} c',
      'ko/parts/foot.mjml': 'foot\n',
      'parts/foot.mjml': 'other',
      'parts/style.mjml': 's1\ns2\n',
    });
    assert.deepEqual(problems, []);
    assert.equal(text, 'a\n  s1\ns2\nb foot c');
    assert.deepEqual(
      lines.map(({ file, line }) => `${file}:${line}`),
      ['ko/email.mjml:1', 'parts/style.mjml:1', 'parts/style.mjml:2', 'ko/email.mjml:3'],
    );
  });

  it('takes the ending of the file that names it, also for parts of parts', () => {
    const files = {
      'ko/email.txt': '{{> a}}',
      'parts/a.txt': '{{> b}}',
      'parts/b.txt': 'text',
      'parts/b.mjml': 'html',
    };
    assert.equal(expand(files, 'ko/email.txt').text, 'text');
  });

  it('refuses what is not there, what would leave the folder, and what includes itself', () => {
    const problemOf = (line: string, more: Readonly<Record<string, string>> = {}) => {
      const { problems } = expand({ 'ko/email.mjml': `\n${line}`, ...more });
      return problems.map(({ file, line: at, message }) => `${file}:${at}: ${message}`).join();
    };
    assert.match(problemOf('{{> nobody}}'), /^ko\/email\.mjml:2: there is no part ko\/parts\/nobody\.mjml/);
    for (const name of ['../../secret', '/etc/passwd', 'a.b', '__proto__/x', '']) {
      assert.match(problemOf(`{{> ${name}}}`), /:2: .* is not the name of a part/, name);
    }
    const loop = { 'parts/a.mjml': '{{> b}}', 'parts/b.mjml': '{{> a}}' };
    assert.match(problemOf('{{> a}}', loop), /^parts\/b\.mjml:1: a part must not include itself: .*a\.mjml$/);
  });

  it('stops parts of parts that would grow without end', () => {
    const files: Record<string, string> = { 'ko/email.txt': '{{> p0}}', 'parts/p9.txt': 'x'.repeat(100) };
    for (let level = 0; level < 9; level += 1) {
      files[`parts/p${level}.txt`] = `{{> p${level + 1}}}`.repeat(10);
    }
    const { text, problems } = expand(files, 'ko/email.txt');
    assert.match(problems[0]?.message ?? '', /over 1000000 characters/);
    assert.ok(text.length < 2_000_000);
  });

  it('leaves a text without parts as it is, with a place for each line', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        fc.pre(!content.includes('{{>'));
        const { text, lines, problems } = expand({ 'ko/email.mjml': content });
        assert.deepEqual([text, problems.length], [content, 0]);
        assert.equal(lines.length, content.split('\n').length);
      }),
    );
  });
});
