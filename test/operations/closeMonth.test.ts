import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Database } from '../../src/db/database.ts';
import { closeMonth } from '../../src/operations/closeMonth.ts';
import { ask } from '../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  type NotificationSpec,
  newBillId,
} from '../support/notifications.ts';
import { insertBill } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const month = '2026-11-01';
const request = { month, actor: 'person test', dryRun: false };

beforeEach(() => emptyTables(db.database));

async function insertOf(database: Database, spec: NotificationSpec): Promise<void> {
  const billId = newBillId();
  await insertBill(database, { billId, month });
  await insertNotification(database, { billId, ...spec });
}

const settled: readonly NotificationSpec[] = [
  { sendStatus: 'DELIVERED' },
  { sendStatus: 'DELIVERED', publishStatus: 'HELD' },
  { sendStatus: 'CANCELLED' },
  { sendStatus: 'FAILED', publishStatus: 'PUBLISHED' },
];

const unsettled: readonly [NotificationSpec, string][] = [
  [{ sendStatus: 'PENDING', publishStatus: 'HELD' }, 'held'],
  [{ sendStatus: 'PENDING' }, 'pending'],
  [{ sendStatus: 'SENDING' }, 'underWay'],
  [{ sendStatus: 'SENT' }, 'underWay'],
  [{ sendStatus: 'IN_DOUBT' }, 'inDoubt'],
  [{ sendStatus: 'FAILED', retransmitInMs: 60_000 }, 'retransmissions'],
  [{ sendStatus: 'FAILED', publishStatus: 'PENDING' }, 'deadLettersOwed'],
];

describe('closing a month', () => {
  it('whose bills all stand for good', async () => {
    for (const spec of settled) {
      await insertOf(db.database, spec);
    }
    assert.equal((await closeMonth({ database: db.database }, { ...request, dryRun: true })).state, 'open');
    assert.equal((await closeMonth({ database: db.database }, request)).state, 'closed');
    assert.equal((await closeMonth({ database: db.database }, request)).state, 'closed');
  });

  for (const [spec, count] of unsettled) {
    it(`is refused while a bill is ${count}: ${spec.sendStatus}`, async () => {
      await insertOf(db.database, { sendStatus: 'DELIVERED' });
      await insertOf(db.database, spec);
      const facts = await closeMonth({ database: db.database }, request);
      assert.equal(facts.state, 'open');
      assert.deepEqual(
        Object.entries(facts.unsettled).filter(([, bills]) => bills > 0),
        [[count, 1]],
      );
    });
  }

  it('waits for what had begun before, and stays open if that moved a bill', async () => {
    await insertOf(db.database, { sendStatus: 'FAILED' });
    await db.database.withConnection(async (other) => {
      await other.run('begin');
      await other.run(`update bill_notification set send_status = 'PENDING' where send_status = 'FAILED'`);
      const closing = closeMonth({ database: db.database }, request);
      const [[blocked] = []] = await untilClosing(db.database);
      assert.equal(blocked, 'closing');
      await other.run('commit');
      assert.deepEqual((await closing).state, 'open');
    });
  });

  it('reports an older transaction, and continues when asked again', async () => {
    await db.database.withConnection(async (other) => {
      await other.run('begin');
      await other.run('select pg_current_xact_id()');
      await assert.rejects(closeMonth({ database: db.database }, { ...request, patienceMs: 0 }), {
        code: 'MONTH_BUSY',
      });
      await other.run('rollback');
    });
    assert.equal((await closeMonth({ database: db.database }, request)).state, 'closed');
  });
});

/** Resolves with the month's state once the decision to close it is written. */
async function untilClosing(database: Database): Promise<[string][]> {
  for (;;) {
    const rows = await ask<[string]>(database, 'select state from closed_month');
    if (rows.length > 0) {
      return rows;
    }
  }
}

describe('a closed month', () => {
  beforeEach(async () => {
    await insertOf(db.database, { sendStatus: 'DELIVERED' });
    await closeMonth({ database: db.database }, request);
  });

  it('takes no new bill, whichever of its rows comes first', async () => {
    await assert.rejects(insertBill(db.database, { billId: billIdOf(1), month }), {
      constraint: 'month_is_open',
      message: /2026-11 is closed/,
    });
    await ask(db.database, 'alter table bill disable trigger month_is_open');
    await insertBill(db.database, { billId: billIdOf(2), month });
    await ask(db.database, 'alter table bill enable trigger month_is_open');
    await assert.rejects(insertNotification(db.database, { billId: billIdOf(2) }), {
      constraint: 'month_is_open',
    });
  });

  it('leaves other months alone', async () => {
    await insertBill(db.database, { billId: billIdOf(3), month: '2026-12-01' });
    await insertNotification(db.database, { billId: billIdOf(3) });
  });
});
