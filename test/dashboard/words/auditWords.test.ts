import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unusualInKorean } from '../../../src/dashboard/words/auditWords.ts';
import { findUnusual } from '../../../src/operations/readAudit.ts';

const at = new Date('2026-11-10T03:00:00Z');

describe('what is unusual', () => {
  it('is said in Korean too, whatever it is', () => {
    const ordinary = { bills: 0, firstAt: at, lastAt: at, before: false, refused: 1, offHours: 1, count: 99 };
    const found = findUnusual([
      { who: 'ann', what: 'createToken', ...ordinary },
      { who: 'ann', what: 'reveal', ...ordinary },
      { who: 'bob', what: 'reveal', ...ordinary, count: 1 },
    ]);
    const reasons = new Set(found.map(({ why }) => why));
    assert.deepEqual([...reasons].sort(), Object.keys(unusualInKorean).sort());
  });
});
