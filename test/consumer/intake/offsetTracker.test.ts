import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OffsetTracker } from '../../../src/consumer/intake/offsetTracker.ts';

describe('OffsetTracker', () => {
  it('has nothing to commit before a record is done', () => {
    const tracker = new OffsetTracker();
    assert.equal(tracker.watermark, undefined);
    hold(tracker, 5);
    assert.equal(tracker.watermark, undefined);
  });

  it('follows the oldest record that is not done', () => {
    const tracker = new OffsetTracker();
    const [a, b, c] = [hold(tracker, 10), hold(tracker, 11), hold(tracker, 12)];
    tracker.complete(b);
    assert.equal(tracker.watermark, undefined);
    tracker.complete(a);
    assert.equal(tracker.watermark, 12);
    tracker.complete(c);
    assert.equal(tracker.watermark, 13);
  });

  it('does not commit the highest offset seen, but the highest completed in a row', () => {
    const tracker = new OffsetTracker();
    const entries = [0, 1, 2, 3, 4].map((offset) => hold(tracker, offset));
    for (const entry of entries.slice(1)) tracker.complete(entry);
    assert.equal(tracker.watermark, undefined);
    assert.equal(tracker.position, 5);
    tracker.complete(entries[0] ?? -1);
    assert.equal(tracker.watermark, 5);
  });

  it('passes gaps of compaction and control records', () => {
    const tracker = new OffsetTracker();
    const [a, b] = [hold(tracker, 3), hold(tracker, 9)];
    tracker.complete(a);
    assert.equal(tracker.watermark, 4);
    tracker.skippedTo(15);
    assert.equal(tracker.watermark, 4);
    tracker.complete(b);
    assert.equal(tracker.watermark, 15);
    tracker.skippedTo(20);
    assert.equal(tracker.watermark, 20);
  });

  it('drops what it holds already when it is fetched again', () => {
    const tracker = new OffsetTracker();
    const first = hold(tracker, 7);
    assert.equal(tracker.received(7), undefined);
    assert.equal(tracker.received(6), undefined);
    tracker.complete(first);
    assert.equal(tracker.received(7), undefined);
    assert.equal(tracker.watermark, 8);
  });

  it('ignores completions of records that have passed or not come, also if their slot is reused', () => {
    const tracker = new OffsetTracker();
    tracker.complete(0);
    assert.equal(tracker.inFlight, 0);
    const passed = Array.from({ length: 256 }, (_, offset) => hold(tracker, offset));
    for (const entry of passed) tracker.complete(entry);
    hold(tracker, 256);
    for (const entry of passed) tracker.complete(entry);
    assert.equal(tracker.inFlight, 1);
    assert.equal(tracker.watermark, 256);
  });

  it('counts a completion once', () => {
    const tracker = new OffsetTracker();
    const [a, b] = [hold(tracker, 0), hold(tracker, 1)];
    for (let again = 0; again < 3; again++) tracker.complete(b);
    assert.equal(tracker.inFlight, 1);
    for (let again = 0; again < 3; again++) tracker.complete(a);
    assert.equal(tracker.inFlight, 0);
    tracker.complete(99);
    tracker.complete(-1);
    assert.equal(tracker.watermark, 2);
  });

  it('lets no stale completion swallow a fresh record at the same offset', () => {
    const stale = new OffsetTracker();
    const entry = hold(stale, 42);
    stale.revoke();
    const fresh = new OffsetTracker();
    const again = hold(fresh, 42);
    stale.complete(entry);
    assert.equal(fresh.watermark, undefined);
    assert.equal(fresh.inFlight, 1);
    fresh.complete(again);
    assert.equal(fresh.watermark, 43);
    assert.equal(stale.watermark, undefined);
  });

  it('leaks no count of work in flight on a revoke', () => {
    const tracker = new OffsetTracker();
    const entries = [0, 1, 2].map((offset) => hold(tracker, offset));
    tracker.complete(entries[1] ?? -1);
    tracker.revoke();
    assert.equal(tracker.inFlight, 0);
    for (const entry of entries) tracker.complete(entry);
    assert.equal(tracker.inFlight, 0);
    assert.equal(tracker.received(3), undefined);
  });

  it('lets no revoked partition commit', () => {
    const tracker = new OffsetTracker();
    tracker.complete(hold(tracker, 0));
    assert.equal(tracker.watermark, 1);
    tracker.revoke();
    assert.equal(tracker.watermark, undefined);
  });

  it('holds no more than what lies beyond the oldest record not done', () => {
    const tracker = new OffsetTracker();
    let oldest = hold(tracker, 0);
    for (let offset = 1; offset <= 300_000; offset++) {
      const entry = hold(tracker, offset);
      if (offset % 1_000 === 0) {
        tracker.complete(oldest);
        oldest = entry;
      } else {
        tracker.complete(entry);
      }
      assert.ok(tracker.held <= 1_001);
    }
  });

  it('takes a million records in order or out of it in linear time', () => {
    const tracker = new OffsetTracker();
    const entries = Array.from({ length: 1_000_000 }, (_, offset) => hold(tracker, offset));
    for (const entry of entries.reverse()) tracker.complete(entry);
    assert.equal(tracker.watermark, 1_000_000);
    assert.equal(tracker.held, 0);
  });

  it('agrees with a naive model on every order of events', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 400 }), agreesWithModel), { numRuns: 1_000 });
  });
});

function hold(tracker: OffsetTracker, offset: number): number {
  const entry = tracker.received(offset);
  assert.ok(entry !== undefined, `offset ${offset} was not taken`);
  return entry;
}

type Step =
  | { readonly does: 'receive'; readonly gap: number }
  | { readonly does: 'refetch'; readonly back: number }
  | { readonly does: 'complete'; readonly pick: number }
  | { readonly does: 'skip'; readonly gap: number }
  | { readonly does: 'revoke' };

const small = fc.nat({ max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ does: fc.constant('receive' as const), gap: small }) },
  { weight: 40, arbitrary: fc.record({ does: fc.constant('complete' as const), pick: fc.nat() }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('refetch' as const), back: small }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('skip' as const), gap: small }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('revoke' as const) }) },
);

/** The same rules on a list of all records, which is searched from its start each time. */
class Model {
  readonly records: { offset: number; entry: number; isDone: boolean }[] = [];
  position: number | undefined;
  isRevoked = false;
  #watermark: number | undefined;

  /** Call it after each step: it checks that the watermark never goes back. */
  watermark(): number | undefined {
    const undone = this.records.findIndex(({ isDone }) => !isDone);
    const last = this.records[undone - 1];
    const now = undone === -1 ? this.position : last === undefined ? undefined : last.offset + 1;
    if (now !== undefined) this.#watermark = Math.max(this.#watermark ?? 0, now);
    return this.isRevoked ? undefined : this.#watermark;
  }

  get undone(): { offset: number }[] {
    return this.isRevoked ? [] : this.records.filter(({ isDone }) => !isDone);
  }
}

function agreesWithModel(steps: readonly Step[]): void {
  const tracker = new OffsetTracker();
  const model = new Model();
  for (const each of steps) {
    apply(tracker, model, each);
    assert.equal(tracker.inFlight, model.undone.length);
    assert.equal(tracker.watermark, model.watermark());
    for (const { offset } of model.undone) assert.ok((tracker.watermark ?? 0) <= offset);
  }
}

function apply(tracker: OffsetTracker, model: Model, each: Step): void {
  switch (each.does) {
    case 'receive': {
      const offset = (model.position ?? 0) + each.gap;
      const entry = tracker.received(offset);
      assert.equal(entry === undefined, model.isRevoked);
      if (entry === undefined) return;
      model.records.push({ offset, entry, isDone: false });
      model.position = offset + 1;
      return;
    }
    case 'refetch':
      if (model.position !== undefined) {
        assert.equal(tracker.received(model.position - 1 - each.back), undefined);
      }
      return;
    case 'complete': {
      const record = model.records[each.pick % Math.max(1, model.records.length)];
      if (record === undefined) return;
      tracker.complete(record.entry);
      record.isDone = true;
      return;
    }
    case 'skip':
      tracker.skippedTo((model.position ?? 0) + each.gap);
      if (!model.isRevoked) model.position = (model.position ?? 0) + each.gap;
      return;
    case 'revoke':
      tracker.revoke();
      model.isRevoked = true;
      return;
    default:
      each satisfies never;
  }
}
