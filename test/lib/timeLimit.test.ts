import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { within } from '../../src/lib/timeLimit.ts';

describe('within', () => {
  it('gives what the work gives in time, and its error', async () => {
    assert.equal(await within(10_000, Promise.resolve('done')), 'done');
    await assert.rejects(within(10_000, Promise.reject(new Error('broken'))), /broken/);
  });

  it('gives nothing when the work takes longer', async () => {
    assert.equal(await within(5, new Promise<string>(() => undefined)), undefined);
  });
});
