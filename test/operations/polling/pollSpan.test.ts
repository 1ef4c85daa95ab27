import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  longestStep,
  nextSpan,
  readAfterEmpty,
  readAfterSpan,
} from '../../../src/operations/polling/pollSpan.ts';

const pace = {
  resolutionMs: 1_000,
  longestMs: 3_600_000,
  lagMs: 120_000,
  overlapMs: 30_000,
  everyMs: 30_000,
  betweenMs: 500,
};
const start = Date.parse('2026-11-28T00:00:00Z');

describe('the spans of a list', () => {
  it('pass over nothing, are never longer than allowed, and never reach what may be listed late', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 1_000, 60_000),
        fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        (resolutionMs, waits, wantedStep) => {
          const own = { ...pace, resolutionMs };
          const stepMs = Math.max(Math.min(wantedStep, longestStep(own)), 2 * resolutionMs);
          let readUntil = new Date(start - 7_200_000);
          let now = start;
          for (const wait of waits) {
            now += wait;
            const span = nextSpan(own, { readUntil, now: new Date(now), stepMs });
            if (span === undefined) continue;
            assert.ok(span.from.getTime() <= readUntil.getTime() - own.overlapMs);
            assert.ok(span.until > readUntil);
            assert.ok(span.until.getTime() <= now - own.lagMs);
            assert.ok(span.until.getTime() - span.from.getTime() <= own.longestMs);
            readUntil = span.until;
          }
        },
      ),
    );
  });

  it('are asked for again if the clock of the provider is behind, or if nothing proves the answer', () => {
    const span = { from: new Date(start), until: new Date(start + 600_000) };
    const behind = new Date(start + 300_000);
    assert.equal(readAfterSpan(span, pace, undefined), span.until);
    assert.deepEqual(readAfterSpan(span, pace, behind), new Date(start + 180_000));
    assert.deepEqual(readAfterEmpty(span, new Date(start + 720_000)), new Date(start + 720_000 - 3_600_000));
    assert.deepEqual(readAfterEmpty(span, new Date(start + 86_400_000)), span.until);
  });
});
