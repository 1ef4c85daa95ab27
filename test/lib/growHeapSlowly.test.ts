import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { it } from 'node:test';

/** Keeps 30 MB, makes 250 MB that live for a moment, and prints how large the heap became, in MB. */
const work = `
  import { getHeapStatistics } from 'node:v8';
  import { growHeapSlowly } from './src/lib/growHeapSlowly.ts';
  if (process.argv[1] === 'slowly') growHeapSlowly();
  const kept = Array.from({ length: 300_000 }, (_, n) => ({ n, text: 'kept ' + n }));
  let largest = 0;
  let page = [];
  for (let turn = 0; turn < 250; turn++) {
    if (turn % 8 === 0) page = [];
    page.push(Array.from({ length: 10_000 }, (_, n) => ({ n, text: 'bill ' + n })));
    largest = Math.max(largest, getHeapStatistics().total_heap_size);
  }
  console.log(Math.round(largest / 1_048_576), kept.length, page.length);`;

function largestHeap(...args: string[]): number {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', work, ...args], {
    encoding: 'utf8',
  });
  return Number.parseInt(output, 10);
}

it('a heap of much garbage stays smaller', () => {
  // V8 looks for garbage beside the program: on a loaded machine it is late now and then.
  const slowly = Math.min(...Array.from({ length: 3 }, () => largestHeap('slowly')));
  const byItself = largestHeap();
  // With one of its two flags alone it is at least 0.45.
  assert.ok(slowly < byItself * 0.4, `${slowly} MB, by itself ${byItself} MB`);
});
