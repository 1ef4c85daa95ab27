import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countHeldBills } from '../../../src/db/reads/heldBills.ts';
import { heldPages } from '../../../src/db/reads/heldPages.ts';
import { countOverlap, countSelected } from '../../../src/db/runs/proposalCounts.ts';
import { readRunEnds } from '../../../src/db/runs/runEnds.ts';
import { readRunRest } from '../../../src/db/runs/runRest.ts';
import { countUnsettledBills } from '../../../src/db/transitions/closedMonths.ts';
import { ask } from '../../support/ask.ts';
import { looksAt, plansOf, recordStatements } from '../../support/countedStatements.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const asOf = '2099-01-01T00:00:00Z';
const selection = { month: '2026-11' } as const;

/** The last of many months, whose rows come behind all others. */
async function fill(): Promise<void> {
  await ask(
    db.database,
    `insert into bill select id, 1, date '2025-12-01' + ((id - 1) / 5000) * interval '1 month', 1, 1, 0, 0,
       1, 1, 0, null, now(), 'o', 'b', 'n' from generate_series(1::bigint, 60000) id;
     insert into bill_notification (bill_id, member_id) select id, 1 from generate_series(1, 60000) id;`,
  );
  await ask(db.database, 'vacuum (analyze) bill, bill_notification');
}

it('has the rows of a month looked up one by one, so that none before the month is read', async () => {
  await fill();
  const { database, asked } = recordStatements(db.database);
  const counts = { asOf, hasAmounts: false, usualCurrency: 'KRW' };
  assert.equal((await countSelected(database, selection, counts)).bills, 5_000);
  assert.equal(await countOverlap(database, [selection, selection], asOf), 5_000);
  assert.equal((await countHeldBills(database, { month: '2026-11-01' })).bills, 5_000);
  assert.equal((await countUnsettledBills(database, '2026-11-01')).held, 5_000);
  assert.equal((await readRunRest(database, { run: 0, selection, asOf })).held, 5_000);
  assert.equal((await readRunEnds(database, 0, selection)).open, 5_000);
  await heldPages(database, selection, { size: 100, every: 1 }).next();
  assert.equal(asked.size, 7);
  for (const [name, statement] of asked) {
    for (const plan of await plansOf(db.database, statement)) {
      for (const look of looksAt(plan, 'bill_notification')) {
        assert.match(JSON.stringify(look), /bill_id = /, `${name} reads other rows`);
      }
    }
  }
});
