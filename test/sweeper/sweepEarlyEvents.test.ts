import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId, MemberId } from '../../src/bill.ts';
import { keepEarlyEvents } from '../../src/db/transitions/earlyEvents.ts';
import { sweepEarlyEvents } from '../../src/sweeper/sweepEarlyEvents.ts';
import { ask, askValue } from '../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  memberIdOf,
  newBillId,
  someMember,
  standingOf,
} from '../support/notifications.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const anHourMs = 3_600_000;
function sweepAll(earlyEventLetterMs = anHourMs, earlyEventMaxMs = anHourMs) {
  return sweepEarlyEvents(sweepDepsOf(db.database, { earlyEventLetterMs, earlyEventMaxMs }));
}

let lastOffset = 0;
async function keep(billId: BillId, memberId: MemberId = someMember): Promise<string> {
  const offset = String(++lastOffset);
  const position = { topic: 'bill.email', partition: 3, offset, timestampMs: 951_782_400_123 };
  const bytes = { key: Buffer.of(0xff, 0), value: Buffer.from(`value-${offset}`) };
  await keepEarlyEvents(db.database, [{ ...position, ...bytes, billId, memberId }]);
  return offset;
}
function kept() {
  return askValue<number>(db.database, 'select count(*)::int from early_event');
}
function poison() {
  return ask<[string, string, Buffer, Buffer]>(
    db.database,
    `select "offset"::text, reason, key, value from poison_record order by "offset"`,
  );
}

describe('an event that came before its row', () => {
  it('waits for it, and releases the bill when it is there', async () => {
    const billId = newBillId();
    await keep(billId);
    assert.deepEqual(await sweepAll(), { earlyReleased: 0, earlyLettered: 0 });
    await insertNotification(db.database, { billId, publishStatus: 'HELD', publishSeq: 0 });
    assert.deepEqual(await sweepAll(), { earlyReleased: 1, earlyLettered: 0 });
    const { sendStatus, publishStatus, publishSeq } = await standingOf(db.database, billId);
    assert.deepEqual([sendStatus, publishStatus, publishSeq], ['PENDING', 'PENDING', 1]);
    assert.equal(await kept(), 0);
  });

  it('releases the bill once, however many there are', async () => {
    const billId = newBillId();
    for (let event = 0; event < 3; event++) await keep(billId);
    await insertNotification(db.database, { billId, publishStatus: 'HELD', publishSeq: 0 });
    assert.equal((await sweepAll()).earlyReleased, 1);
    assert.deepEqual([await kept(), (await standingOf(db.database, billId)).publishSeq], [0, 1]);
  });

  for (const sendStatus of ['SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
    it(`changes nothing of a row that is ${sendStatus} by then, and is forgotten`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, billId);
      await keep(billId);
      assert.equal((await sweepAll()).earlyReleased, 0);
      assert.deepEqual(await standingOf(db.database, billId), before);
      assert.equal(await kept(), 0);
    });
  }

  it('waits on while another statement holds the row', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    await keep(billId);
    await db.database.withConnection(async (connection) => {
      await connection.run('begin');
      await connection.run('select from bill_notification where bill_id = $1 for update', [billId]);
      assert.deepEqual(await sweepAll(0), { earlyReleased: 0, earlyLettered: 0 });
      await connection.run('rollback');
    });
    assert.equal((await sweepAll()).earlyReleased, 1);
  });

  it('has one dead letter with its bytes when the row has not come for a while', async () => {
    const offset = await keep(newBillId());
    for (const earlyLettered of [1, 0]) {
      assert.deepEqual(await sweepAll(0), { earlyReleased: 0, earlyLettered });
    }
    assert.deepEqual(await poison(), [
      [offset, 'BILL_UNKNOWN', Buffer.of(0xff, 0), Buffer.from(`value-${offset}`)],
    ]);
    assert.equal(await kept(), 1);
  });

  it('releases the bill also after its dead letter', async () => {
    const billId = newBillId();
    await keep(billId);
    await sweepAll(0);
    await insertNotification(db.database, { billId, publishStatus: 'HELD' });
    assert.deepEqual(await sweepAll(0), { earlyReleased: 1, earlyLettered: 0 });
    assert.equal(await kept(), 0);
  });

  it('is forgotten in the end, never without its dead letter', async () => {
    await keep(newBillId());
    await sweepAll(anHourMs, 0);
    assert.deepEqual([await kept(), (await poison()).length], [0, 1]);
  });

  it("becomes a dead letter when the row that has come is another member's", async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    const offset = await keep(billId, memberIdOf(8));
    assert.deepEqual(await sweepAll(0), { earlyReleased: 0, earlyLettered: 1 });
    assert.deepEqual(
      (await poison()).map(([position, reason]) => [position, reason]),
      [[offset, 'EVENT_MEMBER_MISMATCH']],
    );
    assert.equal((await standingOf(db.database, billId)).publishStatus, 'HELD');
  });

  it('is kept once, however often its record comes', async () => {
    const event = { topic: 't', partition: 0, offset: '1', timestampMs: -9e15, key: null, value: null };
    for (let time = 0; time < 2; time++) {
      await keepEarlyEvents(db.database, [{ ...event, billId: newBillId(), memberId: someMember }]);
    }
    assert.equal(await kept(), 1);
  });
});

describe('a hundred thousand events of bills that never come', () => {
  it('do not keep bills that come from being released, a bounded number per sweep', async () => {
    await ask(
      db.database,
      `insert into early_event (topic, partition, "offset", recorded_ms, bill_id, member_id)
       select 'bogus', 0, n, 1, 8000000000000000000 + n, 7 from generate_series(1, 100000) n`,
    );
    const billId = newBillId();
    await keep(billId);
    await insertNotification(db.database, { billId, publishStatus: 'HELD' });
    let released = 0;
    for (let sweeps = 0; released === 0 && sweeps < 100; sweeps++) {
      released += (await sweepAll()).earlyReleased;
    }
    assert.equal(released, 1);
    assert.equal(await kept(), 100_000);
  });

  it('have dead letters in the end and are forgotten, some of them a sweep', async () => {
    await ask(
      db.database,
      `insert into early_event (topic, partition, "offset", recorded_ms, bill_id, member_id, value)
       select 'bogus', 0, n, 1, 8000000000000000000 + n, 7, '\\x01' from generate_series(1, 5000) n`,
    );
    let lettered = 0;
    for (let sweeps = 0; lettered < 5_000 && sweeps < 100; sweeps++) {
      lettered += (await sweepAll(0, 0)).earlyLettered;
    }
    await sweepAll(0, 0);
    assert.deepEqual([lettered, await kept(), (await poison()).length], [5_000, 0, 5_000]);
  });
});
