import assert from 'node:assert/strict';
import { it } from 'node:test';
import { failureLines } from '../../../src/cli/commands/failuresCommand.ts';

it('failures are listed by reason, with what it means and when', () => {
  const asOf = new Date('2026-11-25T00:00:00Z');
  assert.equal(failureLines({ asOf, total: 0, groups: [] }, 'Asia/Seoul'), 'no bill has failed\n');
  const group = {
    reason: 'SMS_REFUSED',
    count: 1_234,
    retransmissions: 34,
    firstAt: asOf,
    lastAt: asOf,
    sample: [],
  };
  const text = failureLines(
    { asOf, total: 1_234, groups: [{ ...group, meaning: 'the provider refused it' }] },
    'Asia/Seoul',
  );
  assert.equal(
    text,
    '    1,234  SMS_REFUSED\n' +
      '           the provider refused it\n' +
      '           34 of them are retried by themselves\n' +
      '           2026-11-25 09:00:00 to 2026-11-25 09:00:00 (Asia/Seoul)\n',
  );
});
