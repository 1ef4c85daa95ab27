import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { searchBody } from '../../../src/dashboard/pages/searchPage.ts';

describe('a search', () => {
  it('asks what the address says, and for the member that it does not say', () => {
    const given = new URLSearchParams({
      state: 'FAILED',
      month: '',
      changedFrom: '2026-11-28T09:00',
      other: 'x',
    });
    assert.deepEqual(searchBody(given, '77'), {
      state: 'FAILED',
      changedFrom: new Date('2026-11-28T09:00').toISOString(),
      memberId: '77',
      limit: 50,
    });
  });
});
