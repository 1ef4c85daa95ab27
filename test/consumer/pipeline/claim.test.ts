import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { claim } from '../../../src/consumer/pipeline/claim.ts';
import type { EventRecord } from '../../../src/consumer/pipeline/quarantine.ts';
import { ask } from '../../support/ask.ts';
import { recordStatements } from '../../support/countedStatements.ts';
import {
  batchTokens,
  billIdOf,
  emptyTables,
  insertNotification,
  memberIdOf,
  newBillId,
  standingOf,
} from '../../support/notifications.ts';
import { type FakeRecord, recordOf } from '../../support/records.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function isEvent(record: FakeRecord): record is FakeRecord & EventRecord {
  return record.event.kind === 'event';
}
async function claimAll(records: readonly FakeRecord[], database = db.database) {
  const { deps, lanes } = await createTestPipeline(database);
  lanes.EMAIL.claimed.tryTake(records.length);
  const claimed = await claim(deps, lanes.EMAIL, records.filter(isEvent));
  assert.equal(lanes.EMAIL.claimed.taken, claimed.length, 'the others are done, and their room is free');
  return claimed;
}
function keptPoison() {
  return ask<[string, string, Buffer]>(
    db.database,
    `select "offset"::text, reason, value from poison_record order by "offset"`,
  );
}

function keptEarly() {
  return ask<[string, BillId, Buffer, Buffer]>(
    db.database,
    `select "offset"::text, bill_id, key, value from early_event order by "offset"`,
  );
}

describe('the claim of a batch', () => {
  it('wins each free bill under one fresh token, and leaves its record open', async () => {
    const records = [];
    for (let bill = 0; bill < 3; bill++) {
      records.push(recordOf((await insertNotification(db.database)).billId));
    }
    const claimed = await claimAll(records);
    assert.equal(claimed.length, 3);
    assert.equal(new Set(claimed.map((bill) => bill.claim.token)).size, 1);
    assert.deepEqual(new Set(claimed.map(({ record }) => record)), new Set(records));
    assert.deepEqual(
      records.map((record) => record.doneTimes()),
      [0, 0, 0],
    );
    const again = await claimAll([recordOf((await insertNotification(db.database)).billId)]);
    assert.notEqual(again[0]?.claim.token, claimed[0]?.claim.token);
  });

  it('names each bill once, in ascending order of ids, numbers of any length', async () => {
    const ids = ['10', '9', '9007199254740993', '9007199254740992', '9'].map(billIdOf);
    for (const billId of new Set(ids)) await insertNotification(db.database, { billId });
    const { database, asked } = recordStatements(db.database);
    const records = ids.map((billId) => recordOf(billId));
    assert.equal((await claimAll(records, database)).length, 4);
    assert.equal(asked.get('claim')?.values[0], '{9,10,9007199254740992,9007199254740993}');
    assert.deepEqual(
      records.map((record) => record.doneTimes()),
      [0, 0, 0, 0, 1],
    );
  });

  it("lets what is another's, done or not due pass: the row remembers it", async () => {
    const specs = [
      { sendStatus: 'SENDING' },
      { sendStatus: 'DELIVERED' },
      { notBeforeInMs: 60_000 },
    ] as const;
    const records = [];
    for (const spec of specs) records.push(recordOf((await insertNotification(db.database, spec)).billId));
    assert.deepEqual(await claimAll(records), []);
    assert.deepEqual(
      records.map((record) => record.doneTimes()),
      [1, 1, 1],
    );
    assert.deepEqual(await keptPoison(), []);
    assert.deepEqual(await batchTokens(db.database), []);
  });

  it("sets aside the events of another member's bill, byte for byte", async () => {
    const { billId } = await insertNotification(db.database);
    const records = [recordOf(billId, { memberId: memberIdOf(8) })] as const;
    assert.deepEqual(await claimAll(records), []);
    assert.deepEqual(await keptPoison(), [
      [records[0].offset, 'EVENT_MEMBER_MISMATCH', Buffer.from(`value-${records[0].offset}`)],
    ]);
    for (const record of records) assert.ok(record.doneTimes() > 0);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'PENDING');
  });

  it('keeps every event of a bill without a row, byte for byte, even two of one bill', async () => {
    const billId = newBillId();
    const records = [recordOf(billId), recordOf(billId)];
    assert.deepEqual(await claimAll(records), []);
    assert.deepEqual(
      await keptEarly(),
      records.map(({ offset }) => [
        offset,
        billId,
        Buffer.from(`key-${offset}`),
        Buffer.from(`value-${offset}`),
      ]),
    );
    assert.deepEqual(await keptPoison(), []);
    for (const record of records) assert.ok(record.doneTimes() > 0);
  });

  it('keeps the event of a held row that it cannot win now, so that the row is released', async () => {
    const { billId } = await insertNotification(db.database, {
      publishStatus: 'HELD',
      notBeforeInMs: 60_000,
    });
    const record = recordOf(billId);
    assert.deepEqual(await claimAll([record]), []);
    assert.deepEqual(
      (await keptEarly()).map(([offset]) => offset),
      [record.offset],
    );
    assert.ok(record.doneTimes() > 0);
  });

  it('leaves the records of a lost partition to its next owner', async () => {
    const { billId } = await insertNotification(db.database);
    assert.deepEqual(await claimAll([recordOf(billId, { isCurrent: false })]), []);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'PENDING');
  });

  const bothEvents = (billId: BillId) =>
    [recordOf(billId, { memberId: memberIdOf(8) }), recordOf(billId)] as const;

  it("does not lose a bill's own event behind one that names another member", async () => {
    const { billId } = await insertNotification(db.database);
    const claimed = await claimAll(bothEvents(billId));
    assert.deepEqual(
      claimed.map((bill) => bill.claim.billId),
      [billId],
    );
  });

  it("does not set aside a bill's own event with the wrong one, when both win nothing", async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const [wrong, right] = bothEvents(billId);
    await claimAll([wrong, right]);
    assert.deepEqual(
      (await keptPoison()).map(([offset]) => offset),
      [wrong.offset],
    );
  });
});
