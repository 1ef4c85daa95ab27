import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Selection } from '../../../src/db/reads/standing.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { turnBackAs } from '../../../src/db/transitions/turnBack.ts';
import { only } from '../../support/arrange.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function turnBack(selection: Selection, dryRun = false) {
  return moveSelected(db.database, {
    selection,
    move: turnBackAs(db.database, { actor: 'person alice', first: 'EMAIL' }),
    dryRun,
  });
}
function insertSms(spec: NotificationSpec = {}) {
  return insertNotification(db.database, { channel: 'SMS', reason: 'EMAIL_REFUSED', ...spec });
}

describe('turning an SMS back', () => {
  it('starts the next cycle by e-mail, due at once, with its event owed', async () => {
    const { billId } = await insertSms({ notBeforeInMs: 60_000, publishSeq: 5, attempts: 2 });
    assert.equal((await turnBack({ billIds: [billId] })).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'EMAIL', 2, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.notBeforeInMs], ['PENDING', 6, null]);
    const entry = only(await journalOf(db.database, billId));
    assert.deepEqual([entry.outcome, entry.cycle, entry.reason], ['TURNED_BACK', 2, 'EMAIL_REFUSED']);
    assert.equal(entry.actor, 'person alice');
  });

  it('takes those that turned for one reason, whatever their month', async () => {
    const refused = await insertSms();
    await insertSms({ reason: 'NO_CONTACT' });
    const { movable, firstBillIds } = await turnBack(
      { reason: 'EMAIL_REFUSED', sendStatus: 'PENDING' },
      true,
    );
    assert.deepEqual([movable, firstBillIds], [1, [refused.billId]]);
  });

  const left: readonly [NotificationSpec, string][] = [
    [{ channel: 'EMAIL' }, 'byEmail'],
    [{ publishStatus: 'HELD' }, 'held'],
    [{ sendStatus: 'SENDING' }, 'notPending'],
    [{ sendStatus: 'SENT' }, 'notPending'],
    [{ sendStatus: 'DELIVERED' }, 'notPending'],
    [{ sendStatus: 'FAILED' }, 'notPending'],
  ];
  for (const [spec, why] of left) {
    it(`leaves ${JSON.stringify(spec)} alone: ${why}`, async () => {
      const { billId } = await insertSms(spec);
      const before = await standingOf(db.database, billId);
      const { moved, because } = await turnBack({ billIds: [billId] });
      assert.deepEqual([moved, because], [0, { [why]: 1 }]);
      assert.deepEqual(await standingOf(db.database, billId), before);
    });
  }
});
