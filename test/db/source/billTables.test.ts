import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId, SendStatus } from '../../../src/bill.ts';
import type { Database } from '../../../src/db/database.ts';
import { readStandings } from '../../../src/db/reads/selection.ts';
import type { Selection } from '../../../src/db/reads/standing.ts';
import { bounceAs } from '../../../src/db/transitions/bounceBills.ts';
import { type Move, moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { resendAs } from '../../../src/db/transitions/resendBills.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification, newToken, standingOf } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const moves: readonly [string, SendStatus, (database: Database, billId: BillId) => Move][] = [
  ['retry', 'FAILED', (database) => retryAs(database, { actor: 'a', first: 'EMAIL' })],
  ['resend', 'DELIVERED', (database) => resendAs(database, { first: 'EMAIL', actor: 'a', reason: 'r' })],
  [
    'bounce',
    'DELIVERED',
    (database, billId) =>
      bounceAs(database, {
        evidence: new Map([[billId, [{}]]]),
        accepted: new Set(),
        ladder: standardLadder,
        actor: 'a',
      }),
  ],
];
function close() {
  return ask(
    db.database,
    `insert into closed_month (billing_month, state, closed_by) values ('2026-11-01', 'closed', 'a')`,
  );
}

describe('a closed month', () => {
  for (const [name, sendStatus, moveOf] of moves) {
    it(`takes no ${name}, and it is counted so, however the bill is selected`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      await insertBill(db.database, { billId, month: '2026-11-01' });
      const before = await standingOf(db.database, billId);
      await close();
      const move = moveOf(db.database, billId);
      const selections: Selection[] = [
        { billIds: [billId] },
        { month: '2026-11-01', sendStatus },
        { sendStatus },
      ];
      for (const selection of selections) {
        const report = await moveSelected(db.database, { selection, move, dryRun: false });
        assert.deepEqual([report.movable, report.monthClosed, report.left], [0, 1, {}]);
      }
      assert.deepEqual(await standingOf(db.database, billId), before);
    });

    it(`takes no ${name} of a bill that was selected before`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      await insertBill(db.database, { billId, month: '2026-11-01' });
      const seen = await readStandings(db.database, [billId]);
      await close();
      assert.deepEqual(await moveOf(db.database, billId).make(seen, newToken()), new Set());
    });
  }
});
