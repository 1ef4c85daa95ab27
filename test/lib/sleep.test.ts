import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sleep } from '../../src/lib/sleep.ts';

describe('sleep', () => {
  it('lasts as long as it is asked to', async () => {
    const began = performance.now();
    await sleep(20);
    assert.ok(performance.now() - began >= 19);
  });

  it('ends as soon as the signal is aborted, and does not reject', async () => {
    const waking = new AbortController();
    const sleeping = sleep(60_000, waking.signal);
    waking.abort();
    await sleeping;
    await sleep(60_000, waking.signal);
  });
});
