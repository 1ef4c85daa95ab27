import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readButtons } from '../../../src/render/bill/messageButtons.ts';

describe('the buttons of a message', () => {
  it('are lines with a name and an address', () => {
    assert.deepEqual(readButtons('청구서 보기 | https://b.example/b/t?x=1\n\n 납부|http://p.example \n'), {
      kind: 'buttons',
      buttons: [
        { name: '청구서 보기', url: 'https://b.example/b/t?x=1' },
        { name: '납부', url: 'http://p.example' },
      ],
    });
  });

  it('are refused with the line and what to do, and without what was printed', () => {
    const cases: [string, number, RegExp][] = [
      ['a | https://x.example\nhttps://x.example', 2, /name of 1 to 14/],
      ['청구서 보기 | ', 1, /VIEW_LINK_URL/],
      ['a | javascript:alert(1)', 1, /address that begins with https/],
      [`${'가'.repeat(15)} | https://x.example`, 1, /name of 1 to 14 characters/],
      ['a | https://x.example | b', 1, /more than one \|/],
      [`${'a | https://x.example\n'.repeat(6)}`, 6, /one button too many/],
    ];
    for (const [text, line, pattern] of cases) {
      const read = readButtons(text);
      assert.equal(read.kind, 'wrong', text);
      if (read.kind !== 'wrong') continue;
      assert.equal(read.line, line);
      assert.match(read.message, pattern);
      assert.doesNotMatch(read.message, /x\.example/);
    }
  });
});
