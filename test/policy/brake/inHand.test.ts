import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimedFor, handedOffAhead, mostInTime, roomInHand } from '../../../src/policy/brake/inHand.ts';

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

describe('bills in hand for a provider that takes few at a time', () => {
  it('are claimed for two turns, or for two seconds if its turns are shorter', () => {
    assert.deepEqual(
      [Number.POSITIVE_INFINITY, 10_000, 1_000, 100, 2].map((meanMs) => claimedFor(20, meanMs)),
      [40, 40, 40, 400, 20_000],
    );
    assert.equal(claimedFor(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  });

  it('are handed off ahead only if its answers come as quickly as a statement', () => {
    assert.deepEqual(
      [Number.POSITIVE_INFINITY, 1_000, 100, 20, 10, 1].map((meanMs) => handedOffAhead(20, meanMs)),
      [0, 0, 4, 20, 40, 80],
    );
  });
});
