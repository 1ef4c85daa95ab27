import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { problemCodes, problemKinds } from '../../../src/api/problems/problemCodes.ts';
import { unreachable } from '../../../src/dashboard/app/askApi.ts';
import { language } from '../../../src/dashboard/words/language.ts';
import { problemTitle } from '../../../src/dashboard/words/problemWords.ts';

describe('the title of a problem', () => {
  afterEach(() => {
    language.value = 'en';
  });

  it('is Korean on the Korean page for every code, and all differ', () => {
    language.value = 'ko';
    const titles = problemCodes.map((code) => problemTitle({ code, title: problemKinds[code].title }));
    for (const { text, lang } of titles) {
      assert.match(text, /\p{Script=Hangul}/u);
      assert.equal(lang, undefined);
    }
    assert.equal(new Set(titles.map(({ text }) => text)).size, problemCodes.length);
  });

  it('stays in English, and says so, if a newer server has it', () => {
    language.value = 'ko';
    const title = problemTitle({ code: 'TEAPOT', title: 'It is a teapot' });
    assert.deepEqual(title, { text: 'It is a teapot.', lang: 'en' });
  });

  it('has words for what only the browser knows', () => {
    assert.equal(problemTitle(unreachable('x')).text, 'The server cannot be reached.');
    language.value = 'ko';
    assert.equal(problemTitle(unreachable('x')).text, '서버에 연결되지 않습니다.');
  });
});
