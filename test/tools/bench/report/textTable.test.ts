import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markdownTable, textTable } from '../../../../tools/bench/report/textTable.ts';

const rows = [
  ['what', 'a', 'bbb'],
  ['x', '10', '2'],
];

describe('tables', () => {
  it('line up labels left and figures right', () => {
    assert.equal(textTable(rows), 'what   a  bbb\nx     10    2');
  });

  it('are Markdown with the same sides', () => {
    assert.equal(markdownTable(rows), '| what | a | bbb |\n| --- | ---: | ---: |\n| x | 10 | 2 |');
  });
});
