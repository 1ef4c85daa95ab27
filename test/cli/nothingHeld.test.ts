import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nothingHeldText } from '../../src/cli/nothingHeld.ts';

it('says why a month has nothing to publish, and which bills are held instead', () => {
  const none = { ofMonth: 0, unregistered: 0, held: [] };
  assert.equal(
    nothingHeldText('2026-11', none),
    'There are no bills of 2026-11. Nothing of other months is held.',
  );
  const others = [
    { month: '2026-10', bills: 1 },
    { month: null, bills: 2_000 },
  ];
  assert.equal(
    nothingHeldText('2026-11', { ofMonth: 3, unregistered: 0, held: others }),
    'No bill of 2026-11 is held any more: all 3 known bills were released or cancelled. ' +
      'Held are bills of 2026-10 (1 bill), no month (2,000 bills).',
  );
  const [other] = others;
  assert.match(
    nothingHeldText('2026-11', { ofMonth: 3, unregistered: 3, held: Array(5).fill(other) }),
    /^3 bills of 2026-11 wait for `billcast register --month 2026-11`\. Held are .+, and 2 more months\.$/,
  );
  assert.match(
    nothingHeldText('2026-11', { ofMonth: 3, unregistered: 1, held: [] }),
    /all 2 known bills were released or cancelled\. 1 bill of 2026-11 waits for `billcast register/,
  );
});
