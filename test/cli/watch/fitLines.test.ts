import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitLines } from '../../../src/cli/watch/fitLines.ts';
import type { WatchLine } from '../../../src/cli/watch/watchLines.ts';

const lines: readonly WatchLine[] = [
  { text: 'billcast', tone: 'title' },
  { text: '', tone: 'plain' },
  { text: 'held 0', tone: 'quiet' },
  { text: 'failed 3', tone: 'bad' },
  { text: 'Needs a person', tone: 'bad' },
];

function textsIn(rows: number): string[] {
  return fitLines(lines, rows).map(({ text }) => text);
}

describe('a low window', () => {
  it('loses empty lines first, then states without bills', () => {
    assert.equal(fitLines(lines, 5), lines);
    assert.deepEqual(textsIn(4), ['billcast', 'held 0', 'failed 3', 'Needs a person']);
    assert.deepEqual(textsIn(3), ['billcast', 'failed 3', 'Needs a person']);
  });

  it('says how much is missing', () => {
    assert.deepEqual(textsIn(2), ['billcast', '  2 more lines: make the window taller']);
  });
});
