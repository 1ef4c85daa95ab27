import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchCollector, type Collected } from '../../../src/providers/mapped/batchCollector.ts';
import { eventually } from '../../support/eventually.ts';

function collect(options: { most?: number; mostBytes?: number; waitMs?: number } = {}) {
  const batches: (readonly Collected[])[] = [];
  const collector = new BatchCollector({ most: 3, mostBytes: 100, waitMs: 5, ...options }, (batch) =>
    batches.push(batch),
  );
  return {
    batches,
    add: (to: string, bytes = 1) => collector.add({ to, body: new Uint8Array(bytes) }),
    collector,
  };
}

describe('what collects messages into batches', () => {
  it('delivers at its most messages, at its most bytes, and after a while', async () => {
    const { batches, add } = collect();
    for (const to of ['a', 'b', 'c', 'd']) add(to);
    assert.deepEqual(
      batches.map(({ length }) => length),
      [3],
    );
    add('e', 100);
    assert.deepEqual(
      batches.map(({ length }) => length),
      [3, 1],
      'the large one goes alone',
    );
    await eventually(() => batches.length === 3);
    assert.equal(batches[2]?.[0]?.to, 'e');
  });

  it('never has two messages to one recipient in one batch', () => {
    const { batches, add, collector } = collect();
    for (const to of ['a', 'b', 'a']) add(to);
    collector.flush();
    assert.deepEqual(
      batches.map((batch) => batch.map(({ to }) => to)),
      [['a', 'b'], ['a']],
    );
    collector.flush();
    assert.equal(batches.length, 2, 'nothing waits');
  });
});
