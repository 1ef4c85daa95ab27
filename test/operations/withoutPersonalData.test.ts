import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutPersonalData } from '../../src/operations/withoutPersonalData.ts';
import { assertReadOnce } from '../support/textReading.ts';

describe('the text of a report', () => {
  const texts: readonly [string, string][] = [
    ['550 5.1.1 <hong@example.com> user unknown', '550 5.1.1 <(address)> user unknown'],
    ['mailto:hong.gil+x@예시.한국, full', 'mailto:(address), full'],
    ['no route to 010-1234-5678', 'no route to (number)'],
    ['+82 10 1234 5678 is off', '(number) is off'],
    ['smtp; 421-4.7.0 busy', 'smtp; 421-4.7.0 busy'],
    ['two\r\nlines', 'two lines'],
  ];
  for (const [text, expected] of texts) {
    it(`loses addresses and numbers of persons: ${expected}`, () => {
      assert.equal(withoutPersonalData(text), expected);
    });
  }

  it('is read once, however long it is', () => assertReadOnce(withoutPersonalData));

  it('is cut to a line', () => {
    assert.equal(withoutPersonalData('x'.repeat(10_000)).length, 200);
  });
});
