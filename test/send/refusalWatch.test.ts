import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRefusalWatch } from '../../src/send/refusalWatch.ts';

/** Answers in order; returns after how many the watch tripped, and how often. */
const trips = (watch: ReturnType<typeof createRefusalWatch>, answers: readonly boolean[]): number[] =>
  answers.flatMap((refused, index) => (watch.answered(refused) ? [index + 1] : []));

const refusals = (count: number): boolean[] => Array(count).fill(true);
const acceptances = (count: number): boolean[] => Array(count).fill(false);

describe('the refusal watch', () => {
  it('says nothing before the window is full', () => {
    assert.deepEqual(trips(createRefusalWatch(0.2, 100), refusals(99)), []);
    assert.deepEqual(trips(createRefusalWatch(0.2, 100), refusals(100)), [100]);
  });

  it('trips above the limit and not at it, once', () => {
    const watch = createRefusalWatch(0.2, 100);
    assert.deepEqual(trips(watch, [...acceptances(80), ...refusals(20)]), []);
    assert.deepEqual(trips(watch, refusals(30)), [1]);
  });

  it('counts the last ones only', () => {
    const watch = createRefusalWatch(0.2, 100);
    trips(watch, acceptances(100));
    assert.deepEqual(trips(watch, refusals(20)), []);
    assert.deepEqual(trips(watch, acceptances(100)), []);
    assert.deepEqual(trips(watch, refusals(25)), [21]);
  });

  it('starts anew when it is reset', () => {
    const watch = createRefusalWatch(0.2, 100);
    assert.deepEqual(trips(watch, refusals(200)), [100]);
    watch.reset();
    assert.deepEqual(trips(watch, refusals(200)), [100]);
  });
});
