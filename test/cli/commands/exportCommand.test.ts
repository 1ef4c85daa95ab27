import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask } from '../../support/ask.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { billIdOf, insertNotification } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
const billcast = createCommandLine(() => test.url);

describe('billcast export', () => {
  it('writes CSV to standard output only, and keeps an access record', async () => {
    await insertNotification(test.database, { billId: billIdOf(7), sendStatus: 'DELIVERED' });
    const { code, out, err } = await billcast.run(['export', '--state', 'DELIVERED', '--reason', 'a report']);
    assert.equal(code, 0, err);
    assert.match(out, /^billId,memberId,[^\r\n]+\r\n7,[^\r\n]+,DELIVERED,EMAIL,[^\r\n]+\r\n$/);
    assert.equal(err, 'bills: 1\n');
    const records = await ask(test.database, 'select what, result, reason from access_record order by seq');
    assert.deepEqual(records, [
      ['export', 'begun', 'a report'],
      ['export', 'done', 'a report'],
    ]);
  });
});
