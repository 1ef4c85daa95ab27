import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mostInTime, roomInHand } from '../../../src/policy/brake/inHand.ts';

describe('bills in hand under a pace', () => {
  it('are two seconds of it, claimed a good part at a time', () => {
    assert.deepEqual(
      [0, 10, 75, 76, 100, 120].map((waiting) => roomInHand(50, waiting)),
      [100, 90, 25, 0, 0, 0],
    );
  });

  it('are one if it is slow, and any number without it', () => {
    assert.deepEqual([roomInHand(0.2, 0), roomInHand(0.2, 1)], [1, 0]);
    assert.equal(roomInHand(Number.POSITIVE_INFINITY, 5_000), Number.POSITIVE_INFINITY);
    assert.deepEqual([mostInTime(0.01), mostInTime(50)], [1, 500]);
  });
});
