import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barChart } from '../../../../tools/bench/report/chart.ts';

describe('bar chart', () => {
  it('draws the longest bar over all the room, the others in proportion, and labels as text', () => {
    const svg = barChart(
      'rates',
      [
        { label: 'all', value: 2_000 },
        { label: '<half>', value: 1_000 },
        { label: 'nothing', value: 0 },
      ],
      'bills/s',
    );
    const widths = Array.from(svg.matchAll(/<rect [^>]*width="(\d+)"/g), ([, width]) => Number(width));
    assert.deepEqual(widths, [450, 225, 1]);
    assert.match(svg, />2,000 bills\/s</);
    assert.match(svg, />&lt;half></);
  });
});
