import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { refuseUnsendable } from '../../../src/db/transitions/refuseUnsendable.ts';
import { claimAs } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import { billIdOf, emptyTables, insertNotification, readNotification } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function insertOwed(id: number) {
  return insertNotification(db.database, { billId: billIdOf(id), publishStatus: 'PENDING', publishSeq: 3 });
}

describe('bills that no event can name', () => {
  it('are FAILED, owe their dead letter, and are in the journal once', async () => {
    for (const id of [0, -5]) await insertOwed(id);
    const owed = await selectOwedEvents(db.database, 10);
    assert.equal(await refuseUnsendable(db.database, owed), 2);
    assert.equal(await refuseUnsendable(db.database, owed), 0, 'asked again after a lost answer');
    for (const id of [0, -5]) {
      const row = await readNotification(db.database, billIdOf(id));
      assert.deepEqual(
        [row.sendStatus, row.reason, row.publishStatus, row.publishSeq],
        ['FAILED', 'BILL_INCOMPLETE', 'PENDING', 4],
      );
    }
    assert.deepEqual(
      await ask(db.database, 'select bill_id, outcome, reason, actor from delivery_attempt order by bill_id'),
      [
        ['-5', 'UNPREPARABLE', 'BILL_INCOMPLETE', 'relay'],
        ['0', 'UNPREPARABLE', 'BILL_INCOMPLETE', 'relay'],
      ],
    );
  });

  it('stay as they are if they owe something else by now', async () => {
    const { billId } = await insertOwed(-7);
    const owed = await selectOwedEvents(db.database, 10);
    await claimAs(db.database, [billId]);
    assert.equal(await refuseUnsendable(db.database, owed), 0);
    assert.equal((await readNotification(db.database, billId)).sendStatus, 'SENDING');
  });
});
