import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { medianOf } from '../../../../tools/bench/measure/median.ts';

describe('median', () => {
  it('is the middle value, the lower one of two, of those that are there', () => {
    const same = (value: number | null | undefined) => value;
    assert.equal(medianOf([30, 4, 100], same), 30);
    assert.equal(medianOf([30, 4, 100, 5], same), 5);
    assert.equal(medianOf([null, 7, undefined], same), 7);
    assert.equal(medianOf([undefined], same), undefined);
  });
});
