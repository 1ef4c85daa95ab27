import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginCrowd, type Crowd, type CrowdSample, decideCrowd } from '../../../src/policy/brake/crowd.ts';

const most = 8_000;

function sampleOf(facts: Partial<CrowdSample> = {}): CrowdSample {
  return { accepted: 1_000, meanMs: 1_000, failed: 0, isUsed: true, ...facts };
}
function crowdOf(atOnce: number, facts: Partial<Crowd> = {}): Crowd {
  return { ...beginCrowd(most, 1_000), atOnce, ...facts };
}

/** A gateway that works on `workers` messages at a time, each for `workMs`. The others wait in a queue. */
function simulate({ workers, workMs, windows }: { workers: number; workMs: number; windows: number }) {
  let crowd = beginCrowd(most, workMs);
  const seen: { atOnce: number; meanMs: number; perSecond: number }[] = [];
  for (let window = 0; window < windows; window++) {
    const { atOnce } = crowd;
    const meanMs = workMs * Math.max(1, atOnce / workers);
    seen.push({ atOnce, meanMs, perSecond: (Math.min(atOnce, workers) * 1_000) / workMs });
    crowd = decideCrowd(crowd, sampleOf({ meanMs }), most);
  }
  return seen;
}

describe('the crowd at a provider', () => {
  it('doubles while all is used and sends take as long as before, up to what the provider takes', () => {
    const seen = simulate({ workers: 100_000, workMs: 1_000, windows: 6 });
    assert.deepEqual(
      seen.map(({ atOnce }) => atOnce),
      [800, 1_600, 3_200, 6_400, 8_000, 8_000],
    );
  });

  it('stays as it is while it is not used, or while little is answered', () => {
    assert.equal(decideCrowd(crowdOf(800), sampleOf({ isUsed: false }), most).atOnce, 800);
    assert.equal(decideCrowd(crowdOf(800), sampleOf({ accepted: 10 }), most).atOnce, 800);
  });

  it('falls if sends wait in a queue, and the provider still gets all that it can work on', () => {
    for (const workers of [300, 1_000, 3_000]) {
      const seen = simulate({ workers, workMs: 1_000, windows: 200 });
      assert.ok(
        seen.slice(4).every(({ perSecond }) => perSecond === workers),
        `${workers} are kept busy`,
      );
      const [most, later] = [seen, seen.slice(10)].map((part) =>
        Math.max(...part.map(({ meanMs }) => meanMs)),
      );
      assert.ok((most ?? 0) < 3_000 && (later ?? 0) < 2_300, `${workers}: ${most} ms, ${later} ms`);
    }
  });

  it('takes a provider that is slower now, whatever we do, for what it is', () => {
    let crowd = crowdOf(4_000, { easyMs: 1_000 });
    for (let window = 0; window < 12; window++) crowd = decideCrowd(crowd, sampleOf({ meanMs: 3_000 }), most);
    assert.equal(crowd.atOnce, most);
    assert.equal(crowd.easyMs, 3_000);
  });

  it('never falls below 256 because sends take long', () => {
    let crowd = crowdOf(800, { easyMs: 10 });
    for (let ms = 1_000; ms > 300; ms *= 0.7) crowd = decideCrowd(crowd, sampleOf({ meanMs: ms }), most);
    assert.equal(crowd.atOnce, 256);
    assert.equal(decideCrowd(crowdOf(100), sampleOf({ meanMs: 9_000 }), 100).atOnce, 100);
  });

  it('falls to the share that went well if many cannot be sent, and grows slowly towards that again', () => {
    const fallen = decideCrowd(crowdOf(4_000), sampleOf({ accepted: 750, failed: 250 }), most);
    assert.equal(fallen.atOnce, 3_000);
    assert.equal(decideCrowd(fallen, sampleOf(), most).atOnce, 3_150);
    assert.equal(decideCrowd(crowdOf(4_000), sampleOf({ accepted: 990, failed: 10 }), most).atOnce, 8_000);
    assert.equal(decideCrowd(crowdOf(4_000), sampleOf({ accepted: 0, failed: 50 }), most).atOnce, 2_000);
  });
});
