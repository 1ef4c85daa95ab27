import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reasonWords } from '../../../src/dashboard/words/reasonWords.ts';
import { answerReasons } from '../../../src/operations/explain/answerReasons.ts';
import { failureReasons, turnReasons } from '../../../src/operations/explain/reasons.ts';

describe('a reason on the page', () => {
  it('has words in both languages, for every code that the command explains', () => {
    const codes = [...failureReasons, ...turnReasons, ...answerReasons];
    assert.deepEqual(
      codes.filter((code) => reasonWords(code)?.every((text) => text !== '') !== true),
      [],
    );
  });

  it("names a provider's own number", () => {
    assert.equal(reasonWords('HTTP_503')?.[0], 'The provider answered 503');
    assert.equal(reasonWords('ANSWER_406')?.[1], '발송 업체 응답 406');
    assert.equal(reasonWords('SOMETHING_ELSE'), undefined);
  });
});
