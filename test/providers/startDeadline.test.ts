import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  elapsedSince,
  type Instant,
  readClocks,
  startDeadlineFrom,
} from '../../src/providers/startDeadline.ts';

const start: Instant = { monotonicMs: 1_000, wallMs: 1_795_456_193_970 };
function after(monotonicMs: number, wallMs: number): Instant {
  return {
    monotonicMs: start.monotonicMs + monotonicMs,
    wallMs: start.wallMs + wallMs,
  };
}
function passedAt(now: Instant, limitMs = 5_000) {
  return startDeadlineFrom(start, limitMs, () => now).passed();
}

describe('the start deadline', () => {
  it('passes when the limit is over, not before', () => {
    assert.equal(passedAt(after(0, 0)), false);
    assert.equal(passedAt(after(5_000, 5_000)), false);
    assert.equal(passedAt(after(5_001, 5_001)), true);
  });

  it('is given by the wall clock', () => {
    assert.equal(startDeadlineFrom(start, 5_000).unixMs, start.wallMs + 5_000);
  });

  it('passes while the machine is suspended: the monotonic clock stands still', () => {
    assert.equal(passedAt(after(10, 600_000)), true);
  });

  it('passes when the wall clock is set back: the monotonic one continues', () => {
    assert.equal(passedAt(after(5_001, -3_600_000)), true);
  });

  it('passes when the wall clock is set forward: not sent is always safe', () => {
    assert.equal(passedAt(after(1, 3_600_000)), true);
  });

  it('is not passed just because the wall clock was set back', () => {
    assert.equal(passedAt(after(100, -3_600_000)), false);
  });

  it('is judged each time it is asked', () => {
    let now = after(0, 0);
    const deadline = startDeadlineFrom(start, 10, () => now);
    assert.equal(deadline.passed(), false);
    now = after(11, 11);
    assert.equal(deadline.passed(), true);
  });

  it('is passed exactly when one of the clocks says so', () => {
    const ms = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(ms, ms, fc.nat({ max: 9_000 }), (monotonicMs, wallMs, limitMs) =>
        assert.equal(
          passedAt(after(monotonicMs, wallMs), limitMs),
          monotonicMs > limitMs || wallMs > limitMs,
        ),
      ),
    );
  });

  it('runs on the real clocks by default', () => {
    assert.equal(startDeadlineFrom(readClocks(), 60_000).passed(), false);
    const { monotonicMs, wallMs } = readClocks();
    assert.equal(startDeadlineFrom({ monotonicMs: monotonicMs - 10, wallMs }, 5).passed(), true);
    assert.equal(startDeadlineFrom({ monotonicMs, wallMs: wallMs - 10 }, 5).passed(), true);
    assert.ok(elapsedSince({ monotonicMs: monotonicMs - 10, wallMs }) >= 10);
  });
});
