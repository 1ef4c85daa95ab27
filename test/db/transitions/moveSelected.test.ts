import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { BillId, ClaimToken } from '../../../src/bill.ts';
import { type Move, moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { ask } from '../../support/ask.ts';
import { billIdOf } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const bills = 6_000;
const selection = { month: '2026-11-01' };

function fill(): Promise<unknown> {
  return ask(
    db.database,
    `insert into bill select id, 1, '2026-11-01', 1, 1, 0, 0, 1, 1, 0, null, now(), 'o', 'b', 'n'
       from generate_series(1, ${bills}) id;
     insert into bill_notification (bill_id, member_id, send_status, publish_status)
       select id, 1, case when id % 2 = 0 then 'FAILED' else 'DELIVERED' end, 'PUBLISHED'
       from generate_series(1, ${bills}) id`,
  );
}

/** Changes nothing in the database. Reports the even ids that pass `wins` as moved. */
function moveOf(wins: (billId: BillId, asked: number) => boolean) {
  const asked: { readonly size: number; readonly token: ClaimToken }[] = [];
  const move: Move = {
    allows: ({ sendStatus }) => sendStatus === 'FAILED',
    make: async (standings, token) => {
      asked.push({ size: standings.length, token });
      return new Set(standings.flatMap(({ billId }) => (wins(billId, asked.length) ? [billId] : [])));
    },
  };
  return { asked, move };
}

describe('moving a selection', () => {
  before(fill);

  it('moves page after page, each with a new token, and counts who may not', async () => {
    const { asked, move } = moveOf(() => true);
    const report = await moveSelected(db.database, { selection, move, dryRun: false });
    assert.deepEqual([report.selected, report.movable, report.moved], [bills, bills / 2, bills / 2]);
    assert.deepEqual([report.left, report.busy, report.notFound], [{ DELIVERED: bills / 2 }, 0, 0]);
    assert.deepEqual(
      asked.map(({ size }) => size),
      [2_500, 500],
    );
    assert.equal(new Set(asked.map(({ token }) => token)).size, 2);
  });

  it('asks again, by the same token, for those that were locked', async () => {
    const { asked, move } = moveOf((billId, times) => times > 2 || billId !== billIdOf(4));
    const billIds = [2, 4, 6].map(billIdOf);
    const report = await moveSelected(db.database, { selection: { billIds }, move, dryRun: false });
    assert.deepEqual([report.moved, report.busy], [3, 0]);
    assert.deepEqual(
      asked.map(({ size }) => size),
      [3, 1, 1],
    );
    assert.equal(new Set(asked.map(({ token }) => token)).size, 1);
  });

  it('gives up in the end on those that stay locked, and says how many', async () => {
    const { move } = moveOf((billId) => billId !== billIdOf(4));
    const billIds = [2, 4, 6].map(billIdOf);
    const report = await moveSelected(db.database, { selection: { billIds }, move, dryRun: false });
    assert.deepEqual([report.moved, report.busy], [2, 1]);
  });

  it('moves nothing in a dry run', async () => {
    const { asked, move } = moveOf(() => true);
    const report = await moveSelected(db.database, { selection, move, dryRun: true });
    assert.deepEqual([report.movable, report.moved, asked.length], [bills / 2, 0, 0]);
    assert.deepEqual(report.firstBillIds, [2, 4, 6, 8, 10].map(billIdOf));
  });
});
