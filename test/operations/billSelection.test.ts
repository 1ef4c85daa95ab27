import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import { requireCondition, requireReason } from '../../src/operations/billSelection.ts';

describe('a change of selected bills', () => {
  it('is refused without any condition, which would select all bills', () => {
    assert.throws(() => requireCondition({}), { code: 'USAGE' });
    assert.throws(() => requireCondition({ billIds: undefined, month: undefined }), { code: 'USAGE' });
  });

  it('is accepted with one condition, even if it names no bill', () => {
    requireCondition({ month: '2026-11-01' });
    requireCondition({ billIds: [] as readonly BillId[] });
  });

  it('needs a reason, unless it only counts', () => {
    assert.throws(() => requireReason({ reason: ' ', dryRun: false }), { code: 'USAGE' });
    requireReason({ reason: '', dryRun: true });
    requireReason({ reason: 'address corrected', dryRun: false });
  });
});
