import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readHeldElsewhere } from '../../../src/db/reads/heldByMonth.ts';
import { billsPerWindow } from '../../../src/db/windows.ts';
import { ask } from '../../support/ask.ts';
import { plansOf, recordStatements, scannedTables } from '../../support/countedStatements.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
/**
 * Bills per month: two months have so many. Half as many have no row in the source, and one bill is not held.
 */
const ofMonth = billsPerWindow;

describe('the held bills of each month', () => {
  before(() =>
    ask(
      db.database,
      `insert into bill select id, 1, date '2026-09-01' + ((id - 1) / ${ofMonth}) * interval '1 month', 1, 1, 0, 0,
         1, 1, 0, null, now(), 'o', 'b', 'n' from generate_series(1, ${2 * ofMonth}::bigint) id;
       insert into bill_notification (bill_id, member_id) select id, 1 from generate_series(1, ${2.5 * ofMonth}) id;
       update bill_notification set publish_status = 'PUBLISHED' where bill_id = 1;
       analyze`,
    ),
  );

  it('are counted a window per statement', async () => {
    const { database, asked } = recordStatements(db.database);
    assert.deepEqual(await readHeldElsewhere(database, '2026-11-01'), {
      ofMonth: 0,
      unregistered: 0,
      held: [
        { month: '2026-10', bills: ofMonth },
        { month: '2026-09', bills: ofMonth - 1 },
        { month: null, bills: ofMonth / 2 },
      ],
    });
    const statement = asked.get('count-held-by-month');
    assert.ok(statement);
    assert.deepEqual(statement.values, [String(2 * ofMonth + 1), billsPerWindow]);
    for (const plan of await plansOf(db.database, statement)) assert.deepEqual(scannedTables(plan), []);
  });
});
