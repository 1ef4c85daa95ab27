import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monthBounds } from '../../src/operations/monthBounds.ts';

describe('monthBounds', () => {
  it('are those of the time zone', () => {
    assert.deepEqual(monthBounds('2026-12', 'Asia/Seoul'), {
      from: new Date('2026-11-30T15:00:00Z'),
      until: new Date('2026-12-31T15:00:00Z'),
    });
    assert.deepEqual(monthBounds('2026-03', 'Europe/Berlin').until, new Date('2026-03-31T22:00:00Z'));
  });
});
