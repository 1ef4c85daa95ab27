import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ReleaseCourse, RunSpeed, releaseRoom } from '../../src/runs/releaseRoom.ts';

function room(changes: Partial<ReleaseCourse> = {}) {
  return releaseRoom({
    pacePerSecond: null,
    elapsedMs: 1_000,
    savedBills: 0,
    onTheirWay: 0,
    measuredPerSecond: null,
    providerPerSecond: null,
    ...changes,
  });
}

describe('the room of a release', () => {
  it('begins with a few thousand, or less if the provider is known to be slow', () => {
    assert.deepEqual(room(), { bills: 5_000, savedBills: 0 });
    assert.equal(room({ onTheirWay: 4_900 }).bills, 100);
    assert.equal(room({ onTheirWay: 5_500 }).bills, 0);
    assert.equal(room({ providerPerSecond: 50 }).bills, 400);
    assert.equal(room({ providerPerSecond: 0.1 }).bills, 8);
  });

  it('grows with what goes through, some seconds ahead', () => {
    assert.equal(room({ measuredPerSecond: 1_000 }).bills, 8_000);
    assert.equal(room({ measuredPerSecond: 1_000, onTheirWay: 3_000 }).bills, 5_000);
  });

  it('is bounded by the pace, and keeps what is left over', () => {
    assert.deepEqual(room({ pacePerSecond: 10 }), { bills: 10, savedBills: 0 });
    assert.deepEqual(room({ pacePerSecond: 2.5 }), { bills: 2, savedBills: 0.5 });
    assert.deepEqual(room({ pacePerSecond: 2.5, savedBills: 0.5 }), { bills: 3, savedBills: 0 });
  });

  it('does not make up for a time without a keeper', () => {
    assert.equal(room({ pacePerSecond: 10, elapsedMs: 3_600_000 }).bills, 20);
    const { savedBills } = room({ pacePerSecond: 10, onTheirWay: 5_000, savedBills: 10 });
    assert.equal(savedBills, 10, 'a second at most');
  });
});

describe('the speed of a run', () => {
  it('is unknown at first', () => {
    const speed = new RunSpeed();
    assert.equal(speed.perSecond(), null);
    speed.observe(0, true, 0);
    speed.observe(1_000, true, 100);
    assert.equal(speed.perSecond(), null);
  });

  it('is that of the last minute', () => {
    const speed = new RunSpeed();
    for (let second = 0; second <= 100; second++) speed.observe(second * 1_000, true, second * 50);
    for (let second = 1; second <= 60; second++) {
      speed.observe(100_000 + second * 1_000, true, 5_000 + second * 10);
    }
    assert.equal(speed.perSecond(), 10);
    assert.equal(speed.recent(), 600);
  });

  it('leaves out the time in which nothing may go', () => {
    const speed = new RunSpeed();
    for (let second = 0; second <= 10; second++) speed.observe(second * 1_000, true, second * 50);
    for (let second = 11; second <= 100; second++) speed.observe(second * 1_000, false, 500);
    assert.equal(speed.perSecond(), 50);
  });
});
