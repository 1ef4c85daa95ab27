import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { languageVersions, templateVersion } from '../../../src/render/template/templateVersion.ts';

const files = { 'ko/sms.txt': '안녕', 'en/sms.txt': 'hello', 'parts/style.mjml': '<x>' };
const set = { name: 'bill', folder: 'templates/bill', defaultLanguage: 'ko', channels: [], files };
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('the version of a template', () => {
  it('is what docs/templates.md says, whatever the order of the files', () => {
    const entries = [
      ['en/sms.txt', sha256('hello')],
      ['ko/sms.txt', sha256('안녕')],
      ['parts/style.mjml', sha256('<x>')],
    ];
    assert.equal(templateVersion(set), sha256(JSON.stringify(['bill', entries])));
  });

  it('changes with a name, a path and a content', () => {
    const versions = [
      set,
      { ...set, name: 'water' },
      { ...set, files: { ...files, 'ko/sms.txt': '안녕 ' } },
      { ...set, files: { 'ja/sms.txt': '안녕', 'en/sms.txt': 'hello', 'parts/style.mjml': '<x>' } },
    ].map(templateVersion);
    assert.equal(new Set(versions).size, 4);
  });

  it('has one per language, of its files and the parts of all', () => {
    const of = (files: Readonly<Record<string, string>>) =>
      Object.fromEntries(languageVersions({ ...set, files }).map(({ language, hash }) => [language, hash]));
    const [before, after] = [of(files), of({ ...files, 'ko/sms.txt': 'other' })];
    assert.deepEqual(Object.keys(before), ['en', 'ko']);
    assert.equal(before.en, after.en);
    assert.notEqual(before.ko, after.ko);
    assert.notEqual(of({ ...files, 'parts/style.mjml': '' }).en, before.en);
  });
});
