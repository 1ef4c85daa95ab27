import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Database } from '../../../src/db/database.ts';
import { selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { createRelease } from '../../../src/db/transitions/releaseHeld.ts';
import { claimAs } from '../../support/arrange.ts';
import { ask, inTransaction } from '../../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { releaseBills } from '../../support/releaseInTest.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function owed() {
  return selectOwedEvents(db.database, 100);
}
async function owedIds() {
  return (await owed()).map(({ billId }) => billId);
}

describe('a release of held bills', () => {
  it('makes a held bill owe its event, due at once', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD', publishSeq: 0 });
    assert.equal(await releaseBills(db.database, { limit: 10 }), 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.notBeforeInMs], ['PENDING', 1, null]);
    assert.equal(await releaseBills(db.database, { limit: 10 }), 0, 'the second time there is nothing held');
    assert.equal((await standingOf(db.database, billId)).publishSeq, 1);
  });

  it('takes at most the limit per call', async () => {
    for (let bill = 0; bill < 5; bill++) await insertNotification(db.database, { publishStatus: 'HELD' });
    const counts = [];
    for (let call = 0; call < 3; call++) counts.push(await releaseBills(db.database, { limit: 3 }));
    assert.deepEqual(counts, [3, 2, 0]);
  });

  it('of one month leaves the others held, and bills without a row', async () => {
    const november = await insertNotification(db.database, { publishStatus: 'HELD' });
    const october = await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertBill(db.database, { billId: november.billId, month: '2026-11-01' });
    await insertBill(db.database, { billId: october.billId, month: '2026-10-01' });
    assert.equal(await releaseBills(db.database, { month: '2026-11-01', limit: 10 }), 1);
    assert.equal((await standingOf(db.database, november.billId)).publishStatus, 'PENDING');
    assert.equal((await standingOf(db.database, october.billId)).publishStatus, 'HELD');
  });

  it('for a later time is neither selected nor claimed before it', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    await releaseBills(db.database, { notBefore: new Date(Date.now() + 3_600_000), limit: 10 });
    assert.deepEqual(await owed(), []);
    assert.deepEqual(await claimAs(db.database, [billId]), []);
  });

  it('keeps the time that the batch wrote into the row, unless it is given another', async () => {
    const later = { publishStatus: 'HELD', notBeforeInMs: 3_600_000 } as const;
    const { billId } = await insertNotification(db.database, later);
    await releaseBills(db.database, { limit: 10 });
    assert.deepEqual(await owed(), []);
    const { notBeforeInMs } = await readNotification(db.database, billId);
    assert.ok(notBeforeInMs !== null && notBeforeInMs > 3_500_000);
    const sooner = await insertNotification(db.database, later);
    await releaseBills(db.database, { notBefore: new Date(), limit: 10 });
    assert.deepEqual(await owedIds(), [sooner.billId]);
  });

  it('leaves a held bill alone that an event from elsewhere has moved on', async () => {
    for (const sendStatus of ['SENDING', 'SENT', 'DELIVERED', 'CANCELLED'] as const) {
      await insertNotification(db.database, { publishStatus: 'HELD', sendStatus });
    }
    assert.equal(await releaseBills(db.database, { limit: 10 }), 0);
  });

  it('twice at once counts no bill twice', async () => {
    for (let bill = 0; bill < 50; bill++) await insertNotification(db.database, { publishStatus: 'HELD' });
    const counts = await Promise.all([1, 2, 3].map(() => releaseBills(db.database, { limit: 100 })));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      50,
    );
  });

  it('does not wait for a bill that is being claimed', async () => {
    const busy = await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertNotification(db.database, { publishStatus: 'HELD' });
    await inTransaction(db.database, async (connection) => {
      await connection.run('select from bill_notification where bill_id = $1 for update', [busy.billId]);
      assert.equal(await releaseBills(db.database, { limit: 10 }), 1);
    });
  });

  it('continues behind the last one, and begins again after the end', async () => {
    const insertHeld = () => insertNotification(db.database, { publishStatus: 'HELD' });
    const first = await insertHeld();
    for (let bill = 0; bill < 4; bill++) await insertHeld();
    const release = createRelease(db.database, standardLadder);
    assert.equal(await release.next(2), 2);
    await ask(db.database, `update bill_notification set publish_status = 'HELD' where bill_id = $1`, [
      first.billId,
    ]);
    assert.equal(await release.next(2), 2);
    assert.equal((await standingOf(db.database, first.billId)).publishStatus, 'HELD');
    assert.deepEqual([await release.next(2), await release.next(2), await release.next(2)], [1, 1, 0]);
  });

  it('of a month goes by its bills', async () => {
    for (let bill = 0; bill < 5; bill++) {
      const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
      await insertBill(db.database, { billId, month: bill === 2 ? '2026-10-01' : '2026-11-01' });
    }
    const release = createRelease(db.database, { order: standardLadder.order, month: '2026-11-01' });
    assert.deepEqual([await release.next(3), await release.next(3), await release.next(3)], [3, 1, 0]);
  });

  it('of a month looks at a window per statement, also if nothing in it is held', async () => {
    for (let bill = 0; bill < 9; bill++) {
      const publishStatus = bill % 4 === 0 ? 'HELD' : 'PUBLISHED';
      const { billId } = await insertNotification(db.database, { publishStatus });
      await insertBill(db.database, { billId, month: '2026-11-01' });
    }
    let statements = 0;
    const database: Database = {
      ...db.database,
      query: (statement, values) => {
        statements += 1;
        return db.database.query(statement, values);
      },
    };
    const release = createRelease(database, { order: standardLadder.order, month: '2026-11-01', window: 2 });
    assert.deepEqual([await release.next(2), await release.next(2)], [2, 1]);
    assert.equal(statements, 6, 'bills 0 and 1; 2 and 3; 4; 5 and 6; 7 and 8; none');
  });
});
