import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { notBegun } from '../../src/pool/messages.ts';
import { watchProgress } from '../../src/pool/progressWatch.ts';

const limits = { billMs: 800, startMs: 3_200 };
const lookMs = 100;

describe('watchProgress', () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    mock.timers.enable({ apis: ['setInterval'] });
    mock.method(performance, 'now', () => nowMs);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const watched = () => {
    const progress = new Int32Array(new SharedArrayBuffer(4)).fill(notBegun);
    let stuck = 0;
    const end = watchProgress(progress, limits, () => stuck++);
    const pass = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += lookMs) {
        nowMs += lookMs;
        mock.timers.tick(lookMs);
      }
    };
    return { progress, pass, end, stuck: () => stuck };
  };

  it('lets a batch take as long as it takes, bill by bill', () => {
    const { progress, pass, end, stuck } = watched();
    for (let bill = 0; bill < 100; bill += 1) {
      progress[0] = bill;
      pass(700);
    }
    assert.equal(stuck(), 0);
    end();
  });

  it('reports once a thread that stays at one bill', () => {
    const { progress, pass, stuck } = watched();
    progress[0] = 5;
    pass(800);
    assert.equal(stuck(), 0);
    pass(200);
    assert.equal(stuck(), 1);
    pass(5_000);
    assert.equal(stuck(), 1);
  });

  it('gives a task that has not begun the time of a start', () => {
    const { pass, stuck } = watched();
    pass(3_100);
    assert.equal(stuck(), 0);
    pass(200);
    assert.equal(stuck(), 1);
  });

  it('does not count the time in which the whole process stood still', () => {
    const { progress, pass, end, stuck } = watched();
    progress[0] = 5;
    pass(200);
    nowMs += 60_000;
    pass(200);
    assert.equal(stuck(), 0);
    end();
  });

  it('ends on request', () => {
    const { pass, end, stuck } = watched();
    end();
    pass(10_000);
    assert.equal(stuck(), 0);
  });
});
