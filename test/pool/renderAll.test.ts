import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NOT_BEGUN } from '../../src/pool/messages.ts';
import { renderAll } from '../../src/pool/renderAll.ts';
import type { RenderThreads, TaskOutcome } from '../../src/pool/threads.ts';

/** Threads that die of every bill named "bad", and note where they were as `noteOf` says. */
const fakeThreads = (noteOf: (bad: number, count: number) => number): RenderThreads & { tasks: number } => ({
  tasks: 0,
  async run(_channel, bills): Promise<TaskOutcome> {
    this.tasks += 1;
    const bad = bills.indexOf('bad');
    if (bad !== -1) return { kind: 'crashed', at: noteOf(bad, bills.length), why: 'it was bad' };
    return {
      kind: 'rendered',
      bytes: new ArrayBuffer(),
      bills: bills.map((to) => ({ kind: 'sms', to, text: '', bytes: 1 })),
    };
  },
  giveBack: () => undefined,
  warmUp: async () => undefined,
  check: async () => undefined,
  destroy: async () => undefined,
});

const notes = {
  'the bill itself': (bad: number) => bad,
  'not begun': () => NOT_BEGUN,
  'the end of the batch': (_bad: number, count: number) => count,
  'another bill': (bad: number) => Math.max(0, bad - 1),
};

describe('renderAll', () => {
  for (const [name, noteOf] of Object.entries(notes)) {
    it(`finds every bad bill, and only those, where threads note ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('a', 'b', 'c', 'bad'), { maxLength: 20 }),
          async (bills) => {
            const rendered = await renderAll(fakeThreads(noteOf), 'SMS', bills);
            assert.deepEqual(
              rendered.map((bill) => (bill.kind === 'sms' ? bill.to : bill.kind)),
              bills.map((bill) => (bill === 'bad' ? 'unpreparable' : bill)),
            );
          },
        ),
      );
    });
  }

  it('needs few tasks for one bad bill', async () => {
    const threads = fakeThreads((bad) => bad);
    await renderAll(threads, 'SMS', ['a', 'b', 'bad', ...Array(497).fill('c')]);
    assert.equal(threads.tasks, 4);
  });

  it('gives no thread more than it has memory for', async () => {
    const threads = fakeThreads(() => 0);
    const bills = Array.from({ length: 8 }, (_, index) => String(index).repeat(3_000_000));
    const rendered = await renderAll(threads, 'SMS', bills);
    assert.equal(threads.tasks, 2);
    assert.ok(rendered.every((bill, index) => bill.kind === 'sms' && bill.to === bills[index]));
  });

  it('fails no bill where the threads cannot render anything', async () => {
    const check = () => Promise.reject(new Error('out of memory'));
    const broken = { ...fakeThreads((bad) => bad), check };
    await assert.rejects(renderAll(broken, 'SMS', ['bad']), { code: 'RENDER_POOL_FAILED' });
  });
});
