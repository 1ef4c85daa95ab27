import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSuspects } from '../../src/pool/suspects.ts';
import type { RenderThreads, TaskOutcome } from '../../src/pool/threads.ts';
import { unrendered } from '../support/unrendered.ts';

function threadsOf(facts: Partial<RenderThreads>): RenderThreads {
  return {
    run: async () => rendered,
    giveBack: () => undefined,
    warmUp: async () => undefined,
    check: async () => undefined,
    destroy: async () => undefined,
    ...facts,
  };
}
const rendered: TaskOutcome = {
  kind: 'rendered',
  bytes: new ArrayBuffer(),
  bills: [{ kind: 'text', to: 'a', text: '', bytes: 1 }],
};

describe('suspects', () => {
  it('make their thread when the first one comes', async () => {
    let made = 0;
    const suspects = createSuspects(() => {
      made += 1;
      return threadsOf({});
    });
    await suspects.destroy();
    assert.equal(made, 0);
    await suspects.render('SMS', unrendered('a'));
    await suspects.render('SMS', unrendered('b'));
    assert.equal(made, 1);
  });

  it('are counted until they are known', async () => {
    const suspects = createSuspects(() => threadsOf({}));
    const both = [suspects.render('SMS', unrendered('a')), suspects.render('SMS', unrendered('b'))];
    assert.equal(suspects.count, 2);
    await Promise.all(both);
    assert.equal(suspects.count, 0);
  });

  it('are crashed if a thread dies of them again', async () => {
    const suspects = createSuspects(() =>
      threadsOf({ run: async () => ({ kind: 'crashed', at: 0, why: 'bad' }) }),
    );
    assert.deepEqual(await suspects.render('SMS', unrendered('a')), {
      kind: 'unpreparable',
      reason: 'RENDER_CRASHED',
      detail: 'the render threads die of it: bad',
    });
  });

  it('do not fail if the threads cannot render anything', async () => {
    const check = () => Promise.reject(new Error('out of memory'));
    const suspects = createSuspects(() => threadsOf({ check }));
    await assert.rejects(suspects.render('SMS', unrendered('a')), { code: 'RENDER_POOL_FAILED' });
    assert.equal(suspects.count, 0);
  });
});
