import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listPath } from '../../../src/dashboard/suppressions/suppressionsPage.ts';

describe('the list of suppressions', () => {
  it('asks what the address says, and for the member that it does not say', () => {
    const given = new URLSearchParams({ channel: 'EMAIL', all: 'true', after: '', other: 'x' });
    assert.equal(listPath(given, '77'), '/suppressions?limit=50&channel=EMAIL&all=true&memberId=77');
    assert.equal(listPath(new URLSearchParams(), ''), '/suppressions?limit=50');
  });
});
