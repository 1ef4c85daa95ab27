import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSparse } from '../../src/db/source/searchSources.ts';
import { nextRows } from '../../src/operations/searchBills.ts';

describe('the next window of a search', () => {
  it('is as large as the time that is left is enough for', () => {
    assert.equal(nextRows({ rows: 500, tookMs: 20, leftMs: 40, most: 4_000 }), 1_000);
  });

  it('is neither endless nor nothing', () => {
    assert.equal(nextRows({ rows: 500, tookMs: 0, leftMs: 60, most: 4_000 }), 4_000);
    assert.equal(nextRows({ rows: 500, tookMs: 1, leftMs: 59, most: 4_000 }), 4_000);
    assert.equal(nextRows({ rows: 500, tookMs: 59, leftMs: 1, most: 4_000 }), 50);
  });

  it('stays small if hardly two rows share a page: the next pages may be on disk', () => {
    assert.equal(nextRows({ rows: 100, tookMs: 1, leftMs: 59, most: 250 }), 250);
    const found = { sendStatus: 'FAILED', month: '2026-11-01' } as const;
    assert.deepEqual([isSparse(found), isSparse({ sendStatus: 'SENT' })], [true, false]);
  });
});
