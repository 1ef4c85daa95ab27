import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OutcomeWindow } from '../../../src/policy/brake/outcomeWindow.ts';

describe('the window of outcomes', () => {
  it('holds a minute, give or take a bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9_000 })), (waits) => {
        const window = new OutcomeWindow();
        const times: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          times.push(now);
          window.add('accepted', now);
        }
        const within = (ms: number) => times.filter((time) => time >= now - ms).length;
        const { accepted } = window.sum(now);
        assert.ok(accepted >= within(55_000) && accepted <= within(65_000));
      }),
    );
  });

  it('gives what is not written yet as whole buckets, so that writing them twice adds nothing', () => {
    const window = new OutcomeWindow();
    window.add('accepted', 0);
    window.add('unknown', 1_000);
    const [first] = window.takeUnwritten();
    assert.deepEqual([first?.number, first?.counts.accepted, first?.counts.unknown], [0, 1, 1]);
    assert.deepEqual(window.takeUnwritten(), []);
    window.add('accepted', 2_000);
    const [again] = window.takeUnwritten();
    assert.deepEqual([again?.number, again?.counts.accepted, again?.counts.unknown], [0, 2, 1]);
  });

  it('gives its present bucket again if that is to stay known', () => {
    const window = new OutcomeWindow();
    window.keepFresh(0);
    assert.deepEqual(
      window.takeUnwritten().map(({ number, counts }) => [number, counts.accepted]),
      [[0, 0]],
    );
    window.keepFresh(1_000);
    assert.equal(window.takeUnwritten().length, 1);
    assert.equal(window.sum(1_000).accepted, 0);
  });

  it('begins a new bucket when it is cleared: nothing of before is written again', () => {
    const window = new OutcomeWindow();
    window.add('unknown', 0);
    window.clear();
    assert.equal(window.sum(1).unknown, 0);
    window.add('accepted', 1);
    assert.deepEqual(
      window.takeUnwritten().map(({ number, counts }) => [number, counts.accepted, counts.unknown]),
      [[1, 1, 0]],
    );
  });
});
