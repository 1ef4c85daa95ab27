import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { toldOf } from '../../../src/api/told/toldOf.ts';
import { toldNote } from '../../../src/dashboard/parts/toldNote.ts';
import { language } from '../../../src/dashboard/words/language.ts';

describe('a sentence of the server on the page', () => {
  afterEach(() => {
    language.value = 'en';
  });

  it('is marked as English if the page has no words for it', () => {
    language.value = 'ko';
    const detail = 'load.sql: line 3: column b.amount does not exist';
    assert.deepEqual(
      toldNote(toldOf(detail)).map(({ props }) => props),
      [{ lang: 'en', children: detail }],
    );
    assert.deepEqual(
      toldNote(toldOf('in the last minute no cause is known')).map(({ props }) => props),
      [
        { lang: undefined, children: '최근 1분' },
        { lang: undefined, children: ' · 원인을 알 수 없음' },
      ],
    );
  });
});
