import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { markEventsPublished, selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { retransmitDue } from '../../../src/db/transitions/retransmit.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
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

function retransmit(limit = 100) {
  return retransmitDue(db.database, { maxCycles: 3, limit, first: 'EMAIL', actor: 'sweeper host:1' });
}
function insertFailed(spec: NotificationSpec = {}) {
  return insertNotification(db.database, {
    sendStatus: 'FAILED',
    channel: 'SMS',
    retransmitInMs: -1,
    reason: 'SMS_REFUSED',
    ...spec,
  });
}

describe('retransmission', () => {
  it('starts the next cycle by e-mail, due at once, with its event owed and no attempts', async () => {
    const { billId } = await insertFailed({ cycle: 2, attempts: 3, publishSeq: 5, notBeforeInMs: 60_000 });
    assert.equal(await retransmit(), 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'EMAIL', 3, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.token], ['PENDING', 6, null]);
    assert.deepEqual([row.retransmitInMs, row.notBeforeInMs], [null, null]);
  });

  it('is journalled with why the bill had failed, a row for each cycle', async () => {
    const { billId } = await insertFailed({ cycle: 2 });
    await retransmit();
    const entry = only(await journalOf(db.database, billId));
    assert.deepEqual([entry.outcome, entry.applied, entry.actor], ['RETRANSMITTED', true, 'sweeper host:1']);
    assert.deepEqual([entry.cycle, entry.channel, entry.reason], [3, 'EMAIL', 'SMS_REFUSED']);
  });

  const refused: readonly [string, NotificationSpec][] = [
    ['whose dead letter is not acknowledged yet', { publishStatus: 'PENDING' }],
    ['before its time', { retransmitInMs: 60_000 }],
    ['that has made its last cycle', { cycle: 3 }],
  ];
  for (const [which, spec] of refused) {
    it(`leaves a bill alone ${which}`, async () => {
      const { billId } = await insertFailed(spec);
      const before = await standingOf(db.database, billId);
      assert.equal(await retransmit(), 0);
      assert.deepEqual(await standingOf(db.database, billId), before);
      assert.deepEqual(await journalOf(db.database, billId), []);
    });
  }

  it('leaves a bill alone that has no retransmission', async () => {
    await insertNotification(db.database, { sendStatus: 'FAILED' });
    assert.equal(await retransmit(), 0);
  });

  it('follows the dead letter: refused, published, acknowledged, sent again', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT', channel: 'SMS' });
    const settlements = [{ claim, elapsedMs: 1, delayMs: 0 }];
    await settle(db.database, 'refusedForGood', { settlements, actor: 'a' });
    assert.equal(await retransmit(), 0, 'the dead letter is still owed');
    await markEventsPublished(db.database, await selectOwedEvents(db.database, 10));
    assert.equal(await retransmit(), 1);
    assert.deepEqual((await selectOwedEvents(db.database, 10))[0]?.channel, 'EMAIL');
  });

  it('takes at most the limit, those due longest first', async () => {
    const young = await insertFailed({ retransmitInMs: -1_000 });
    const old = await insertFailed({ retransmitInMs: -9_000 });
    assert.equal(await retransmit(1), 1);
    assert.equal((await standingOf(db.database, old.billId)).sendStatus, 'PENDING');
    assert.equal((await standingOf(db.database, young.billId)).sendStatus, 'FAILED');
  });

  it('by several at once starts one cycle per bill', async () => {
    const failed = [];
    for (let bill = 0; bill < 40; bill++) failed.push(await insertFailed());
    const counts = await Promise.all([retransmit(), retransmit(), retransmit()]);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      40,
    );
    for (const { billId } of failed) assert.equal((await standingOf(db.database, billId)).cycle, 2);
  });
});
