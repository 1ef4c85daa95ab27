import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { accountForBills } from '../../../src/db/reads/accounts.ts';
import { sumOverWindows } from '../../../src/db/windows.ts';
import {
  emptyTables,
  insertBatch,
  insertDispatcher,
  insertNotification,
  type NotificationSpec,
  newDispatcherId,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function insertAll(specs: readonly NotificationSpec[]): Promise<void> {
  for (const spec of specs) await insertNotification(db.database, spec);
}

const limits = { orphanAfterMs: 60_000, abandonedAfterMs: 20_000 };
async function accountOf(spec: NotificationSpec) {
  await emptyTables(db.database);
  await insertNotification(db.database, spec);
  return accountForBills(db.database, limits);
}

describe('counts over windows', () => {
  for (const size of [1, 2, 3, 4]) {
    it(`have each bill once with ${size} in a window`, async () => {
      await insertAll([{}, { publishStatus: 'HELD' }, {}, {}]);
      const statement = {
        name: 'count-in-windows',
        text: `
          with n as (select bill_id, publish_status from bill_notification where bill_id > $2 order by bill_id limit $3)
          select count(*)::int, max(bill_id), count(*)::int, count(*) filter (where publish_status = $1)::int from n`,
      };
      assert.deepEqual(await sumOverWindows(db.database, statement, ['HELD'], size), [4, 1]);
    });
  }
});

describe('the accounts', () => {
  it('count each bill once, over all columns', async () => {
    await insertAll([
      { publishStatus: 'HELD' },
      { notBeforeInMs: 60_000 },
      { sendStatus: 'SENDING' },
      { sendStatus: 'SENT' },
      { sendStatus: 'IN_DOUBT' },
      { sendStatus: 'DELIVERED' },
      { sendStatus: 'FAILED' },
      { sendStatus: 'CANCELLED' },
    ]);
    const accounts = await accountForBills(db.database, limits);
    assert.deepEqual(accounts, {
      bills: 8,
      delivered: 1,
      failed: 1,
      cancelled: 1,
      inDoubt: 1,
      waiting: 1,
      inProgress: 3,
      orphaned: 0,
      abandoned: 0,
      withoutDeadLetter: 0,
    });
  });

  it('call a bill orphaned that is PENDING, published and due for longer than the limit', async () => {
    const orphan = { changedMsAgo: 61_000, publishedMsAgo: 61_000 } as const;
    assert.equal((await accountOf(orphan)).orphaned, 1);
    assert.equal((await accountOf({ ...orphan, publishedMsAgo: 59_000 })).orphaned, 0);
    assert.equal((await accountOf({ ...orphan, changedMsAgo: 59_000 })).orphaned, 0);
    assert.equal((await accountOf({ ...orphan, publishStatus: 'PENDING' })).orphaned, 0);
    assert.equal((await accountOf({ ...orphan, notBeforeInMs: 60_000 })).orphaned, 0);
  });

  it('call a claim abandoned that no living dispatcher holds for longer than the limit', async () => {
    for (const sendStatus of ['SENDING', 'SENT'] as const) {
      assert.equal((await accountOf({ sendStatus, changedMsAgo: 21_000 })).abandoned, 1);
      assert.equal((await accountOf({ sendStatus, changedMsAgo: 19_000 })).abandoned, 0);
    }
  });

  it('judge a claim by its batch and the heartbeat of its owner', async () => {
    const owners = [
      await insertDispatcher(db.database, { silentMs: 1_000 }),
      await insertDispatcher(db.database, { silentMs: 21_000 }),
      newDispatcherId(),
    ];
    for (const owner of owners) {
      const spec = { sendStatus: 'SENT', changedMsAgo: 21_000 } as const;
      const claim = await insertNotification(db.database, spec);
      await insertBatch(db.database, { token: claim.token, owner, billIds: [claim.billId] });
    }
    assert.equal((await accountForBills(db.database, limits)).abandoned, 2);
  });
});
