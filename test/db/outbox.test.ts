import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { letGoBills, markEventsPublished, type OwedEvent, selectOwedEvents } from '../../src/db/outbox.ts';
import { settle } from '../../src/db/settle.ts';
import { claimAs, only } from '../support/arrange.ts';
import { ask, inTransaction } from '../support/ask.ts';
import { insertBill } from '../support/bills.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  newBillId,
  readNotification,
  standingOf,
} from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const owed = (limit = 100): Promise<OwedEvent[]> => selectOwedEvents(db.database, limit);
const owedIds = async (limit?: number) => (await owed(limit)).map(({ billId }) => billId);

describe('letting go', { timeout: 120_000 }, () => {
  it('makes a held bill owe its event, due at once', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD', publishSeq: 0 });
    assert.equal(await letGoBills(db.database, { limit: 10 }), 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.notBeforeInMs], ['PENDING', 1, null]);
    assert.equal(await letGoBills(db.database, { limit: 10 }), 0, 'the second time there is nothing held');
    assert.equal((await standingOf(db.database, billId)).publishSeq, 1);
  });

  it('takes at most the limit a call', async () => {
    for (let bill = 0; bill < 5; bill++) await insertNotification(db.database, { publishStatus: 'HELD' });
    const counts = [];
    for (let call = 0; call < 3; call++) counts.push(await letGoBills(db.database, { limit: 3 }));
    assert.deepEqual(counts, [3, 2, 0]);
  });

  it('of one month leaves the others held, and bills without a row', async () => {
    const november = await insertNotification(db.database, { publishStatus: 'HELD' });
    const october = await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertBill(db.database, { billId: november.billId, month: '2026-11-01' });
    await insertBill(db.database, { billId: october.billId, month: '2026-10-01' });
    assert.equal(await letGoBills(db.database, { month: '2026-11-01', limit: 10 }), 1);
    assert.equal((await standingOf(db.database, november.billId)).publishStatus, 'PENDING');
    assert.equal((await standingOf(db.database, october.billId)).publishStatus, 'HELD');
  });

  it('for a later time is neither selected nor claimed before it', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    await letGoBills(db.database, { notBefore: new Date(Date.now() + 3_600_000), limit: 10 });
    assert.deepEqual(await owed(), []);
    assert.deepEqual(await claimAs(db.database, [billId]), []);
  });

  it('keeps the time that the batch wrote into the row, unless it is told another', async () => {
    const later = { publishStatus: 'HELD', notBeforeInMs: 3_600_000 } as const;
    const { billId } = await insertNotification(db.database, later);
    await letGoBills(db.database, { limit: 10 });
    assert.deepEqual(await owed(), []);
    const { notBeforeInMs } = await readNotification(db.database, billId);
    assert.ok(notBeforeInMs !== null && notBeforeInMs > 3_500_000);
    const sooner = await insertNotification(db.database, later);
    await letGoBills(db.database, { notBefore: new Date(), limit: 10 });
    assert.deepEqual(await owedIds(), [sooner.billId]);
  });

  it('leaves a held bill alone that an event from elsewhere has moved on', async () => {
    for (const sendStatus of ['SENDING', 'SENT', 'DELIVERED', 'CANCELLED'] as const)
      await insertNotification(db.database, { publishStatus: 'HELD', sendStatus });
    assert.equal(await letGoBills(db.database, { limit: 10 }), 0);
  });

  it('twice at once counts no bill twice', async () => {
    for (let bill = 0; bill < 50; bill++) await insertNotification(db.database, { publishStatus: 'HELD' });
    const counts = await Promise.all([1, 2, 3].map(() => letGoBills(db.database, { limit: 100 })));
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
      assert.equal(await letGoBills(db.database, { limit: 10 }), 1);
    });
  });
});

describe('what is owed', { timeout: 120_000 }, () => {
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

describe('marking published', { timeout: 120_000 }, () => {
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
    await settle(db.database, 'emailRefused', { settlements: [{ claim: won, elapsedMs: 1 }], actor: 'a' });
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

  it('takes ids beyond 2^53 and tells neighbours apart', async () => {
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
