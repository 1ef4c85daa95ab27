import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RecordQueue } from '../../../src/consumer/pipeline/recordQueue.ts';
import { billIdOf } from '../../support/notifications.ts';
import { type FakeRecord, recordOf } from '../../support/records.ts';

type Step = { readonly add: number } | { readonly take: number } | { readonly clear: true };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 20 }) }) },
    { weight: 5, arbitrary: fc.record({ take: fc.integer({ min: 0, max: 20 }) }) },
    { weight: 1, arbitrary: fc.constant({ clear: true } as const) },
  ),
  { maxLength: 80 },
);

describe('RecordQueue', () => {
  it('gives records as a plain array does, whatever is added, taken and cleared', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new RecordQueue();
        let model: FakeRecord[] = [];
        for (const step of all) {
          if ('add' in step) {
            const records = Array.from({ length: step.add }, () => recordOf(billIdOf(1)));
            queue.add(records);
            model.push(...records);
          } else if ('take' in step) {
            assert.deepEqual(queue.take(step.take), model.splice(0, step.take));
          } else {
            queue.clear();
            model = [];
          }
          assert.equal(queue.size, model.length);
        }
      }),
    );
  });

  it('takes more records at once than a call may have arguments', () => {
    const queue = new RecordQueue();
    const record = recordOf(billIdOf(1));
    queue.add(Array.from({ length: 300_000 }, () => record));
    assert.equal(queue.size, 300_000);
    assert.equal(queue.take(1_000_000).length, 300_000);
    assert.equal(queue.size, 0);
  });
});
