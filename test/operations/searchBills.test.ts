import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextRows } from '../../src/operations/searchBills.ts';

describe('the next window of a search', () => {
  it('is as large as the time that is left is enough for', () => {
    assert.equal(nextRows({ rows: 500, tookMs: 20, leftMs: 40 }), 1_000);
  });

  it('is neither endless nor nothing', () => {
    assert.equal(nextRows({ rows: 500, tookMs: 0, leftMs: 60 }), 4_000);
    assert.equal(nextRows({ rows: 500, tookMs: 1, leftMs: 59 }), 4_000);
    assert.equal(nextRows({ rows: 500, tookMs: 59, leftMs: 1 }), 250);
  });
});
