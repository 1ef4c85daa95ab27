import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timeIn } from '../../../src/lib/timeText.ts';
import { wayOf, when } from '../../../src/operations/explain/wording.ts';
import { inMs, now } from './explained.ts';

const time = timeIn('Asia/Seoul');

describe('a time', () => {
  const cases: readonly [number, string][] = [
    [-5_000, 'Now'],
    [0, 'Now'],
    [1, 'At 2026-11-25 09:00:00 (in 1 s)'],
    [119_000, 'At 2026-11-25 09:01:59 (in 119 s)'],
    [119_001, 'At 2026-11-25 09:01:59 (in 2 min)'],
    [7_140_000, 'At 2026-11-25 10:59:00 (in 119 min)'],
    [7_200_000, 'At 2026-11-25 11:00:00 (in 2 h)'],
    [9_000_000, 'At 2026-11-25 11:30:00 (in 2 h 30 min)'],
  ];
  for (const [ms, text] of cases) {
    it(`${ms} ms away is "${text}"`, () => assert.equal(when(inMs(ms), { time, now }), text));
  }
});

describe('a channel', () => {
  it('is called as people call it', () =>
    assert.deepEqual([wayOf('EMAIL'), wayOf('SMS')], ['e-mail', 'SMS']));
});
