import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { billExists } from '../../../src/db/source/billExists.ts';
import { emptyTables, insertNotification, newBillId } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

describe('a bill exists', () => {
  for (const sendStatus of ['PENDING', 'DELIVERED', 'CANCELLED'] as const) {
    it(`that is ${sendStatus}`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      assert.equal(await billExists(db.database, billId), true);
    });
  }

  it('not, of which there is no row', async () => {
    await insertNotification(db.database);
    assert.equal(await billExists(db.database, newBillId()), false);
  });
});
