import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchmarksPage, byPlace } from '../../../../tools/bench/report/benchmarksPage.ts';

const report = {
  command: 'npm run bench -- --save mine',
  lines: ['8 cores', 'Medians of 3.'],
  rows: [
    ['medians', 'billcast'],
    ['bills/s', '1'],
  ],
  bars: [],
  unit: 'bills/s',
  facts: {},
};

describe('the page of the benchmarks', () => {
  it('has for each result its command, its machine, its chart and its figures', () => {
    const page = benchmarksPage([{ name: 'mine', report }]);
    assert.match(page, /^# Benchmarks\n/);
    assert.ok(
      page.endsWith(
        [
          '## mine',
          '`npm run bench -- --save mine`',
          '8 cores\n\nMedians of 3.',
          '![mine](tools/bench/results/mine.svg)',
          '| medians | billcast |\n| --- | ---: |\n| bills/s | 1 |\n',
        ].join('\n\n'),
      ),
    );
  });

  it('has the main results first and unknown ones last', () => {
    const names = ['zebra', 'scale-bills', 'ape', 'latency', 'preloaded'];
    assert.deepEqual(names.sort(byPlace), ['preloaded', 'latency', 'scale-bills', 'ape', 'zebra']);
  });
});
