import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDatabaseClock } from '../../src/policy/databaseClock.ts';

/** Our clocks and the database's, moved by the test; a question takes `tookMs`. */
function arrange({ tookMs = 0 } = {}) {
  const ours = { monotonicMs: 1_000, wallMs: 50_000 };
  let databaseMs = 9_000_000;
  let questions = 0;
  const pass = (ms: number): void => {
    ours.monotonicMs += ms;
    ours.wallMs += ms;
    databaseMs += ms;
  };
  const clock = createDatabaseClock(
    async () => {
      questions++;
      pass(tookMs / 2);
      const answer = new Date(databaseMs);
      pass(tookMs / 2);
      return answer;
    },
    () => ({ ...ours }),
  );
  const now = async () => (await clock()).getTime();
  return { ours, pass, now, truth: () => databaseMs, questions: () => questions };
}

describe("the database's clock", () => {
  it('is asked once for many questions, and again after a while', async () => {
    const { pass, now, truth, questions } = arrange();
    assert.equal(await now(), truth());
    pass(9_000);
    assert.equal(await now(), truth());
    assert.equal(questions(), 1);
    pass(2_000);
    assert.equal(await now(), truth());
    assert.equal(questions(), 2);
  });

  it('is asked once by those who ask at the same time', async () => {
    const { now, questions } = arrange();
    await Promise.all([now(), now(), now()]);
    assert.equal(questions(), 1);
  });

  it('counts the time that its answer was on its way', async () => {
    const { now, truth } = arrange({ tookMs: 400 });
    assert.equal(await now(), truth());
  });

  it('is asked again after our clock was set, or this machine slept', async () => {
    for (const jump of ['wallMs', 'monotonicMs'] as const) {
      const { ours, now, truth, questions } = arrange();
      await now();
      ours[jump] += 3_000;
      assert.equal(await now(), truth(), jump);
      assert.equal(questions(), 2);
    }
  });
});
