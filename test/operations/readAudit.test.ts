import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessSum } from '../../src/db/reads/accessSums.ts';
import { findUnusual } from '../../src/operations/readAudit.ts';

const at = new Date('2026-11-10T03:00:00Z');

function sum(of: Partial<AccessSum>): AccessSum {
  const ordinary = { bills: 0, refused: 0, offHours: 0, firstAt: at, lastAt: at, before: true };
  return { who: 'ann', what: 'reveal', count: 5, ...ordinary, ...of };
}

function whyOf(...sums: AccessSum[]): string[] {
  return findUnusual(sums).map(({ who, why, count }) => `${who} ${why} ${count}`);
}

describe('what is unusual', () => {
  it('is nothing in an ordinary month', () => {
    assert.deepEqual(whyOf(sum({}), sum({ who: 'bob', count: 9 })), []);
  });

  it('begins with who was not allowed to', () => {
    assert.deepEqual(whyOf(sum({ offHours: 2 }), sum({ who: 'bob', refused: 1 })), [
      'bob was not allowed to, and tried 1',
      'ann at night or on a weekend 2',
    ]);
  });

  it('is every new token, however few', () => {
    assert.deepEqual(whyOf(sum({ offHours: 2 }), sum({ who: 'bob', what: 'createToken', count: 1 })), [
      'bob gave somebody access 1',
      'ann at night or on a weekend 2',
    ]);
  });

  it('is who does far more than others', () => {
    const others = ['a', 'b', 'c'].map((who) => sum({ who, count: 6 }));
    assert.deepEqual(whyOf(...others, sum({ who: 'eve', count: 30 })), ['eve far more often than others 30']);
    assert.deepEqual(whyOf(...others, sum({ who: 'eve', count: 18 })), []);
  });

  it('is whatever somebody does for the first time, and opening at odd hours only', () => {
    assert.deepEqual(whyOf(sum({ before: false })), ['ann for the first time 5']);
    assert.deepEqual(whyOf(sum({ what: 'pause', offHours: 3 })), []);
  });
});
