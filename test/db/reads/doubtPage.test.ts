import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countDoubts, firstDoubtKey, readDoubtPage } from '../../../src/db/reads/doubtPage.ts';
import { selectDoubts } from '../../../src/db/reads/selectDoubts.ts';
import { ask } from '../../support/ask.ts';
import { looksAt, plansOf, recordStatements } from '../../support/countedStatements.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const bills = 40_000;
const doubts = 5_000;
const month = '2026-11-01';

describe('bills in doubt of a month', () => {
  before(() =>
    ask(
      db.database,
      `insert into bill select id, 1, date '2026-10-01' + (id % 2)::int * interval '1 month', 1, 1, 0, 0,
         1, 1, 0, null, now(), 'o', 'b', 'n' from generate_series(1, ${bills}) id;
       insert into bill_notification (bill_id, member_id, send_status, publish_status, claim_token, handed_off_at, in_doubt_at)
         select id, 1, 'IN_DOUBT', 'PUBLISHED', gen_random_uuid(), now(), now() from generate_series(1, ${doubts}) id;
       analyze`,
    ),
  );

  it('are only its own', async () => {
    assert.equal(await countDoubts(db.database), doubts);
    assert.equal(await countDoubts(db.database, month), doubts / 2);
    const page = await readDoubtPage(db.database, { after: firstDoubtKey, month, limit: 2 });
    assert.deepEqual(
      page.doubts.map(({ billId }) => billId),
      ['1', '3'],
    );
  });

  it('are found by a look at each of their bills, not at all bills of the month', async () => {
    const { database, asked } = recordStatements(db.database);
    await countDoubts(database, month);
    await readDoubtPage(database, { after: firstDoubtKey, month, limit: 100 });
    await selectDoubts(database, { month }).next();
    assert.equal(asked.size, 3);
    for (const statement of asked.values()) {
      for (const plan of await plansOf(db.database, statement)) {
        for (const look of looksAt(plan, 'bill')) assert.match(JSON.stringify(look), /= n\.bill_id/);
      }
    }
  });
});
