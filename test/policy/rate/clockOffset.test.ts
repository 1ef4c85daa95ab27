import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClockOffset } from '../../../src/policy/rate/clockOffset.ts';

/** A reading of a clock that is `aheadMs` ahead, with the time it took there and back. */
function sampleOf(sentMs: number, aheadMs: number, [thereMs, backMs]: readonly [number, number]) {
  return { sentMs, theirsMs: sentMs + thereMs + aheadMs, receivedMs: sentMs + thereMs + backMs };
}

describe('the offset of another clock', () => {
  it('is between what each reading allows, and nearer the more there are', () => {
    const offset = new ClockOffset();
    assert.ok(Math.abs(offset.observe(sampleOf(0, 5_000, [40, 2])) - 5_000) <= 21);
    assert.ok(Math.abs(offset.observe(sampleOf(100, 5_000, [2, 40])) - 5_000) <= 2.1);
    assert.ok(Math.abs(offset.observe(sampleOf(200, 5_000, [90, 90])) - 5_000) <= 2.1);
  });

  it('is not held by an old reading, since clocks drift', () => {
    const offset = new ClockOffset();
    offset.observe(sampleOf(0, 5_000, [1, 1]));
    assert.ok(Math.abs(offset.observe(sampleOf(100_000, 5_010, [12, 12])) - 5_010) <= 2);
  });

  it('follows a clock that is set, and another server', () => {
    const offset = new ClockOffset();
    offset.observe(sampleOf(0, 5_000, [1, 1]));
    assert.ok(Math.abs(offset.observe(sampleOf(100, -70, [1, 1])) - -70) <= 1);
  });
});
