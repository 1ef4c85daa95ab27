import assert from 'node:assert/strict';
import { it } from 'node:test';
import { extentLine, foundLines } from '../../../src/cli/commands/searchCommand.ts';

it('found bills stand in columns, with times in the zone of the bills', () => {
  const found = {
    billId: '42',
    month: '2026-11',
    state: 'FAILED' as const,
    channel: 'SMS' as const,
    cycle: 2,
    attempts: 1,
    reason: 'SMS_REFUSED',
    changedAt: '2026-11-25T00:00:00.000Z',
    dueAt: null,
  };
  assert.equal(
    foundLines([found], 'Asia/Seoul'),
    'bill  state   month    channel  cycle  attempts  changed (Asia/Seoul)  due  reason\n' +
      '42    FAILED  2026-11  SMS      2      1         2026-11-25 09:00:00   -    SMS_REFUSED\n',
  );
  const searched = { rows: 4_000, upTo: '42', complete: false };
  assert.equal(
    extentLine({ items: [found], next: '42', searched }),
    '1 bill; 4,000 rows looked at, and there are more: --next 42',
  );
  assert.equal(
    extentLine({ items: [], next: null, searched: { ...searched, complete: true } }),
    '0 bills; 4,000 rows looked at, to the end',
  );
});
