import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { mergePatchOf } from '../../../src/api/live/mergePatch.ts';

/** RFC 7386, section 2, but that null is kept: the numbers have members that are null. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) result[name] = merged(result[name], value);
  return result;
}

describe('a merge patch', () => {
  it('has only what changed', () => {
    const before = { a: 1, b: { c: 2, d: [1] }, e: null };
    assert.deepEqual(mergePatchOf(before, { a: 1, b: { c: 3, d: [1] }, e: null }), { b: { c: 3 } });
    assert.deepEqual(mergePatchOf(before, { a: 1, b: { c: 2, d: [1, 2] }, e: null }), { b: { d: [1, 2] } });
    assert.equal(mergePatchOf(before, structuredClone(before)), undefined);
    assert.deepEqual(mergePatchOf({ a: 1, b: 2 }, { a: null }), { b: null, a: null });
  });

  it('leads from any numbers to any others of the same form', () => {
    const plain = { noNullPrototype: true };
    const form = fc.record(
      {
        n: fc.option(fc.integer()),
        inner: fc.record({ s: fc.string(), list: fc.array(fc.integer()) }, plain),
      },
      plain,
    );
    fc.assert(
      fc.property(form, form, (before, after) => {
        const patch = mergePatchOf(before, after);
        assert.deepEqual(patch === undefined ? before : merged(before, patch), after);
      }),
    );
  });
});
