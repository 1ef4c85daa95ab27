import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergePatchOf } from '../../../src/api/live/mergePatch.ts';
import { applyPatch } from '../../../src/dashboard/app/applyPatch.ts';

describe('a merge patch', () => {
  it("of the server makes the server's numbers of those before", () => {
    const before = {
      status: { sent: 1, lag: 4, brakes: { one: { on: true, cause: 'x' } } },
      actions: [1, 2],
    };
    const after = {
      status: { sent: 2, lag: null, brakes: { one: { on: false, cause: null } } },
      actions: [2],
    };
    assert.deepEqual(applyPatch(before, mergePatchOf(before, after)), after);
  });
});
