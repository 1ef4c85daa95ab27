import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { beginCounts, countWindow, nextWindowToCount } from '../../../src/db/counts/countWindow.ts';
import { groupFailures } from '../../../src/db/reads/failureGroups.ts';
import { ask } from '../../support/ask.ts';
import { plansOf, recordStatements, scannedTables } from '../../support/countedStatements.ts';
import { billIdOf, insertNotification } from '../../support/notifications.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const minuteMs = 60_000;

async function fill(): Promise<void> {
  await ask(
    db.database,
    `insert into bill_notification (bill_id, member_id, send_status, publish_status)
     select id, 1, 'DELIVERED', 'PUBLISHED' from generate_series(100001, 140000) id`,
  );
  const fail = (id: number, reason: string | undefined, minutesAgo: number) =>
    insertNotification(db.database, {
      billId: billIdOf(id),
      sendStatus: 'FAILED',
      changedMsAgo: minutesAgo * minuteMs,
      ...(reason !== undefined && { reason }),
    });
  for (let id = 1; id <= 7; id++) await fail(id, 'EMAIL_REFUSED', id);
  await fail(8, 'NO_CONTACT', 1);
  await fail(9, undefined, 1);
  await insertBill(db.database, { billId: billIdOf(8), month: '2026-11-01' });
  await ask(db.database, 'analyze');
}

describe('failed bills by reason', () => {
  before(fill);

  it('come with count, first and last, and those that failed last', async () => {
    const groups = await groupFailures(db.database, {});
    const shown = groups.map(({ reason, count, sample }): [string, number, readonly BillId[]] => [
      reason,
      count,
      sample,
    ]);
    assert.deepEqual(shown, [
      ['EMAIL_REFUSED', 7, ['1', '2', '3', '4', '5']],
      ['NO_CONTACT', 1, ['8']],
      ['UNKNOWN', 1, ['9']],
    ]);
    const [first] = groups;
    const apartMs = Number(first?.lastAt) - Number(first?.firstAt);
    assert.ok(Math.abs(apartMs - 6 * minuteMs) < 5_000, String(apartMs));
  });

  it('of one month are only its own', async () => {
    const groups = await groupFailures(db.database, { month: '2026-11-01' });
    assert.deepEqual(
      groups.map(({ reason, count }) => [reason, count]),
      [['NO_CONTACT', 1]],
    );
  });

  it('of one month are the same once windows know their months', async () => {
    await insertBill(db.database, { billId: billIdOf(100_001), month: '2026-10-01' });
    const before = await groupFailures(db.database, { month: '2026-11-01' });
    await beginCounts(db.database, 0);
    for (let next = await nextWindowToCount(db.database); next?.isUncounted; ) {
      await countWindow(db.database, next, 'EMAIL');
      next = await nextWindowToCount(db.database);
    }
    assert.deepEqual(await groupFailures(db.database, { month: '2026-11-01' }), before);
    assert.deepEqual(await groupFailures(db.database, { month: '2026-10-01' }), []);
  });

  it('are read by the index, and never all notifications', async () => {
    const { database, asked } = recordStatements(db.database);
    await groupFailures(database, {});
    await groupFailures(database, { month: '2026-11-01' });
    assert.equal(asked.size, 2);
    for (const statement of asked.values()) {
      for (const plan of await plansOf(db.database, statement)) {
        assert.ok(!scannedTables(plan).includes('bill_notification'), JSON.stringify(plan));
      }
    }
  });
});
