import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { createBillCounter } from '../../src/cli/billCounter.ts';

describe('the counter of long work', () => {
  /** What it writes if each step takes half a second. */
  function written(isTTY: boolean): string {
    let text = '';
    const stream = { isTTY, write: (more: string) => (text += more) };
    let now = 0;
    const clock = mock.method(performance, 'now', () => now);
    const counter = createBillCounter('bills released', stream);
    for (const bills of [5_000, 10_000, 15_000]) {
      now += 500;
      counter.count(bills);
    }
    counter.end();
    counter.end();
    clock.mock.restore();
    return text;
  }

  it('shows nothing in the first second, then one line that it takes away', () => {
    assert.equal(written(true), '\r\x1b[K10,000 bills released\r\x1b[K15,000 bills released\r\x1b[K');
  });

  it('shows nothing if it is not on a terminal', () => {
    assert.equal(written(false), '');
  });
});
