import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WatermarkAges } from '../../src/metrics/watermarkAges.ts';

function at(watermark: number | undefined, inFlight: number) {
  return [{ topic: 't', partition: 0, watermark, inFlight }];
}

describe('the age of a watermark', () => {
  it('grows only while it stands still with records in flight', () => {
    const ages = new WatermarkAges();
    const seconds = (watermark: number | undefined, inFlight: number, nowMs: number) =>
      ages.read(at(watermark, inFlight), nowMs)[0]?.seconds;
    assert.equal(seconds(5, 2, 0), 0);
    assert.equal(seconds(5, 2, 10_000), 10);
    assert.equal(seconds(6, 2, 20_000), 0);
    assert.equal(seconds(6, 0, 90_000), 0, 'nothing is in flight');
    assert.equal(seconds(6, 1, 95_000), 5);
  });
});
