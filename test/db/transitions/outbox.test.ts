import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { markEventsPublished, type OwedEvent, selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { claimAs, only } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  newBillId,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function owed(limit = 100): Promise<OwedEvent[]> {
  return selectOwedEvents(db.database, limit);
}
async function owedIds(limit?: number) {
  return (await owed(limit)).map(({ billId }) => billId);
}

describe('what is owed', () => {
  it('is every row whose event is PENDING and due, with what its event or dead letter says', async () => {
    const { billId } = await insertNotification(db.database, {
      publishStatus: 'PENDING',
      publishSeq: 4,
      channel: 'SMS',
      sendStatus: 'FAILED',
      cycle: 2,
      attempts: 3,
      reason: 'SMS_REFUSED',
    });
    assert.deepEqual(await owed(), [
      {
        billId,
        memberId: '7',
        channel: 'SMS',
        sendStatus: 'FAILED',
        cycle: 2,
        attempts: 3,
        reason: 'SMS_REFUSED',
        publishSeq: 4,
        notBefore: '-infinity',
      },
    ]);
  });

  it('is not what is held, published, or not due', async () => {
    await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertNotification(db.database, { publishStatus: 'PUBLISHED' });
    await insertNotification(db.database, { publishStatus: 'PENDING', notBeforeInMs: 60_000 });
    assert.deepEqual(await owed(), []);
  });

  it('can be read behind a key, and with what became due just now even before it', async () => {
    const first = await insertNotification(db.database, { publishStatus: 'PENDING' });
    const second = await insertNotification(db.database, {
      publishStatus: 'PENDING',
      notBeforeInMs: -60_000,
    });
    const third = await insertNotification(db.database, { publishStatus: 'PENDING', notBeforeInMs: -500 });
    const keys = await owed();
    const idsAfter = async (after: OwedEvent | undefined, lateMs = 0) =>
      (await selectOwedEvents(db.database, 10, { ...(after && { after }), lateMs })).map(
        ({ billId }) => billId,
      );
    assert.deepEqual(await idsAfter(keys[0]), [second.billId, third.billId]);
    assert.deepEqual(await idsAfter(keys[1]), [third.billId]);
    assert.deepEqual(await idsAfter(keys[2]), []);
    assert.deepEqual(await idsAfter(keys[2], 30_000), [third.billId]);
    assert.deepEqual(await idsAfter(undefined), [first.billId, second.billId, third.billId]);
    const latest = { notBefore: 'infinity', billId: billIdOf(0) };
    const rows = await selectOwedEvents(db.database, 10, { after: latest, lateMs: 30_000 });
    assert.deepEqual(
      rows.map(({ billId }) => billId),
      [third.billId],
    );
  });

  it('comes in the order it became due, then by bill, at most the limit', async () => {
    const late = await insertNotification(db.database, { publishStatus: 'PENDING', notBeforeInMs: -1 });
    const early = await insertNotification(db.database, { publishStatus: 'PENDING', notBeforeInMs: -9_000 });
    const second = await insertNotification(db.database, { billId: billIdOf(12), publishStatus: 'PENDING' });
    const first = await insertNotification(db.database, { billId: billIdOf(9), publishStatus: 'PENDING' });
    assert.deepEqual(await owedIds(), [first.billId, second.billId, early.billId, late.billId]);
    assert.deepEqual(await owedIds(2), [first.billId, second.billId]);
  });
});

describe('marking published', () => {
  it('of what is still owed: PUBLISHED, dated, and owed no more', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'PENDING', publishSeq: 2 });
    assert.equal(await markEventsPublished(db.database, await owed()), 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.sendStatus], ['PUBLISHED', 2, 'PENDING']);
    assert.ok(row.publishedMsAgo !== null && row.publishedMsAgo < 5_000);
    assert.deepEqual(await owed(), []);
  });

  it('by a stale sequence number changes nothing: the SMS turn of a refused bill is not erased', async () => {
    const claim = await insertNotification(db.database, { publishStatus: 'PENDING', publishSeq: 1 });
    const stale = await owed();
    const won = only(await claimAs(db.database, [claim.billId]));
    await ask(
      db.database,
      `update bill_notification set send_status = 'SENT', handed_off_at = now() where bill_id = $1`,
      [claim.billId],
    );
    await settle(db.database, 'refusedToNext', {
      settlements: [{ claim: won, elapsedMs: 1, next: 'SMS' as const }],
      actor: 'a',
    });
    assert.equal(await markEventsPublished(db.database, stale), 0);
    const row = await standingOf(db.database, claim.billId);
    assert.deepEqual([row.channel, row.publishStatus, row.publishSeq], ['SMS', 'PENDING', 2]);
    assert.deepEqual(await owedIds(), [claim.billId]);
  });

  it('twice changes nothing the second time', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'PENDING' });
    const events = await owed();
    await markEventsPublished(db.database, events);
    await ask(db.database, `update bill_notification set published_at = '2000-01-01' where bill_id = $1`, [
      billId,
    ]);
    assert.equal(await markEventsPublished(db.database, events), 0);
    assert.ok(((await readNotification(db.database, billId)).publishedMsAgo ?? 0) > 1e11);
  });

  it('of a bill that is claimed meanwhile by an event from elsewhere counts: it owes nothing more', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'PENDING' });
    const events = await owed();
    await claimAs(db.database, [billId]);
    assert.equal(await markEventsPublished(db.database, events), 1);
    const row = await standingOf(db.database, billId);
    assert.deepEqual([row.sendStatus, row.publishStatus], ['SENDING', 'PUBLISHED']);
  });

  it('takes ids beyond 2^53 and does not mix up neighbours', async () => {
    const ids = ['9007199254740992', '9007199254740993'].map(billIdOf);
    for (const billId of ids) await insertNotification(db.database, { billId, publishStatus: 'PENDING' });
    const events = (await owed()).filter(({ billId }) => billId === ids[1]);
    assert.equal(await markEventsPublished(db.database, events), 1);
    assert.deepEqual(await owedIds(), [ids[0]]);
  });

  it('may be of nothing, and of a bill without a row', async () => {
    assert.equal(await markEventsPublished(db.database, []), 0);
    await insertNotification(db.database, { publishStatus: 'PENDING' });
    const gone = (await owed()).map((event) => ({ ...event, billId: newBillId() }));
    assert.equal(await markEventsPublished(db.database, gone), 0);
  });
});
