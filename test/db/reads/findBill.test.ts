import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { findBill } from '../../../src/db/reads/findBill.ts';
import { emptyTables, insertNotification, newBillId, someMember } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

describe('findBill', () => {
  for (const sendStatus of ['PENDING', 'DELIVERED', 'CANCELLED'] as const) {
    it(`finds a bill that is ${sendStatus}`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus, cycle: 2 });
      assert.deepEqual(await findBill(db.database, billId), { memberId: someMember, cycle: 2 });
    });
  }

  it('finds no bill without a row', async () => {
    await insertNotification(db.database);
    assert.equal(await findBill(db.database, newBillId()), undefined);
  });
});
