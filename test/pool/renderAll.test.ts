import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { notBegun } from '../../src/pool/messages.ts';
import { type RenderOutcome, renderAll } from '../../src/pool/renderAll.ts';
import type { RenderThreads, TaskOutcome } from '../../src/pool/threads.ts';
import { unrendered } from '../support/unrendered.ts';

/** Threads that die of every bill named "bad". `noteOf` says how they note at which bill they were. */
function fakeThreads(
  noteOf: (bad: number, count: number) => number,
): RenderThreads & { tasks: number; rendered: number } {
  return {
    tasks: 0,
    rendered: 0,
    async run(_channel, given): Promise<TaskOutcome> {
      const bills = given.map(({ text }) => text);
      this.tasks += 1;
      const bad = bills.indexOf('bad');
      this.rendered += bad === -1 ? bills.length : bad;
      if (bad !== -1) return { kind: 'crashed', at: noteOf(bad, bills.length), why: 'it was bad' };
      return {
        kind: 'rendered',
        bytes: new ArrayBuffer(),
        bills: bills.map((to) => ({ kind: 'text', to, text: '', bytes: 1 })),
      };
    },
    giveBack: () => undefined,
    warmUp: async () => undefined,
    check: async () => undefined,
    destroy: async () => undefined,
  };
}

const notes = {
  'the bill itself': (bad: number) => bad,
  'not begun': () => notBegun,
  'the end of the batch': (_bad: number, count: number) => count,
  'another bill': (bad: number) => Math.max(0, bad - 1),
};

function shown(rendered: readonly RenderOutcome[]): string[] {
  return rendered.map((bill) => (bill.kind === 'text' ? bill.to : bill.kind));
}

describe('renderAll', () => {
  for (const [name, noteOf] of Object.entries(notes)) {
    it(`suspects every bad bill if threads note ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('a', 'b', 'c', 'bad'), { maxLength: 20 }),
          async (bills) => {
            const rendered = shown(await renderAll(fakeThreads(noteOf), 'SMS', bills.map(unrendered)));
            assert.equal(rendered.length, bills.length);
            for (const [index, bill] of bills.entries()) {
              if (bill === 'bad') assert.equal(rendered[index], 'suspect');
              else assert.ok(rendered[index] === bill || rendered[index] === 'suspect');
            }
          },
        ),
      );
    });
  }

  for (const name of ['the bill itself', 'not begun', 'the end of the batch'] as const) {
    it(`suspects no other if threads note ${name}`, async () => {
      const bills = ['a', 'bad', 'b', 'c', 'bad', 'bad', 'd'];
      const rendered = shown(await renderAll(fakeThreads(notes[name]), 'SMS', bills.map(unrendered)));
      assert.deepEqual(
        rendered,
        bills.map((bill) => (bill === 'bad' ? 'suspect' : bill)),
      );
    });
  }

  it('renders each bill twice at the most, however many are bad', async () => {
    const bills = Array.from({ length: 500 }, (_, index) => (index % 10 === 0 ? 'bad' : `bill ${index}`));
    const threads = fakeThreads((bad) => bad);
    await renderAll(threads, 'SMS', bills.map(unrendered));
    assert.ok(
      threads.rendered <= 2 * bills.length,
      `${threads.rendered} renderings of ${bills.length} bills`,
    );
    assert.ok(threads.tasks <= 3 * 50 + 1);
  });

  it('gives no thread more than it has memory for', async () => {
    const threads = fakeThreads(() => 0);
    const bills = Array.from({ length: 8 }, (_, index) => String(index).repeat(3_000_000));
    assert.deepEqual(shown(await renderAll(threads, 'SMS', bills.map(unrendered))), bills);
    assert.equal(threads.tasks, 2);
  });
});
