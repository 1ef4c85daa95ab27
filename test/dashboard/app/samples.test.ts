import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepSample, type Sample } from '../../../src/dashboard/app/samples.ts';
import { calmLive } from '../liveFixture.ts';

function at(second: number, sent = 0, deliveredPerSecond = 0) {
  const asOf = new Date(Date.UTC(2026, 10, 28) + second * 1_000).toISOString();
  const rates = { overMs: 1_000, deliveredPerSecond, failedPerSecond: 0, secondsLeft: null };
  return { ...calmLive({ asOf, sent }), rates };
}

describe('the points of the charts', () => {
  it('come once per count, and stay for a quarter of an hour', () => {
    let samples: readonly Sample[] = [];
    for (const second of [0, 0, 1, 500, 1_000]) samples = keepSample(samples, at(second));
    assert.equal(samples.length, 2);
  });

  it("know the time at the provider by Little's law, and only while something ends", () => {
    assert.equal(keepSample([], at(0, 300, 100))[0]?.answerSeconds, 3);
    assert.equal(keepSample([], at(0, 300, 0))[0]?.answerSeconds, null);
  });
});
