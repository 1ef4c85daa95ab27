import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import {
  batchTokens,
  emptyTables,
  insertNotification,
  journalOf,
  someMember,
  standingOf,
} from '../../support/notifications.ts';
import { allDone, type FakeRecord, recordOf } from '../../support/records.ts';
import { insertBill, insertMember } from '../../support/testBills.ts';
import { createFakeRenderPool, createTestPipeline, renderedFor } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

/**
 * A fault of a statement costs the bill that it is about, and never a process: `onFatal` would end these
 * tests.
 */

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

let opened: Database[] = [];
afterEach(async () => {
  await Promise.all(opened.map((database) => database.close()));
  opened = [];
  await ask(db.database, 'drop trigger if exists refusing on bill_notification');
});

/** As a dispatcher's, for a role with these settings. */
function connect(settings = ''): Database {
  const database = createDatabase({
    url: `${db.url}?options=${encodeURIComponent(settings)}`,
    poolSize: 8,
    stoppedTries: 1,
    log: captureLog().log,
    patienceMs: Number.POSITIVE_INFINITY,
  });
  opened.push(database);
  return database;
}

async function insertRecords(count: number): Promise<FakeRecord[]> {
  const records: FakeRecord[] = [];
  for (let bill = 0; bill < count; bill++) {
    records.push(recordOf((await insertNotification(db.database)).billId));
  }
  return records;
}

function statesOf(): Promise<[string, number][]> {
  return ask(db.database, 'select send_status, count(*)::int from bill_notification group by 1 order by 1');
}

function billOf(record: FakeRecord | undefined): BillId {
  assert.ok(record?.event.kind === 'event');
  return record.event.billId;
}

/** Refuses any change of one bill's row to this state, as a trigger of a company's own may. */
function refuse(billId: BillId, sendStatus: string) {
  return ask(
    db.database,
    `create or replace function refuse() returns trigger language plpgsql as $$
     begin raise exception 'not this one' using errcode = '22008'; end $$;
     create or replace trigger refusing before update on bill_notification for each row
     when (new.bill_id = ${billId} and new.send_status = '${sendStatus}') execute function refuse()`,
  );
}

describe('a bill that the database refuses', () => {
  it('to load is FAILED as incomplete, and the others are sent', async () => {
    const provider = createFakeProvider();
    const renderPool = createFakeRenderPool(async (channel, bills) =>
      bills.map((text) =>
        text === 'null'
          ? { kind: 'unpreparable', reason: 'BILL_INCOMPLETE', detail: '' }
          : renderedFor(channel),
      ),
    );
    const pipeline = await createTestPipeline(connect(), { provider, renderPool });
    const records = await insertRecords(20);
    await insertMember(db.database);
    for (const record of records) await insertBill(db.database, { billId: billOf(record) });
    const bad = billOf(records[13]);
    await ask(db.database, `update bill set billing_month = '4714-12-01 BC' where id = $1`, [bad]);
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(await statesOf(), [
      ['DELIVERED', 19],
      ['FAILED', 1],
    ]);
    const [failed] = await ask(db.database, 'select reason from bill_notification where bill_id = $1', [bad]);
    assert.deepEqual(failed, ['BILL_INCOMPLETE']);
  });

  it('to claim is logged and left to the scan, and the others are sent', async () => {
    const captured = captureLog();
    const pipeline = await createTestPipeline(connect(), { log: captured.log });
    const records = await insertRecords(20);
    await refuse(billOf(records[7]), 'SENDING');
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(await statesOf(), [
      ['DELIVERED', 19],
      ['PENDING', 1],
    ]);
    await captured.line('bill cannot be claimed, the database refuses it');
  });

  it('to hand off is FAILED with its dead letter owed, and the others are sent', async () => {
    const pipeline = await createTestPipeline(connect());
    const records = await insertRecords(20);
    const bad = billOf(records[3]);
    await refuse(bad, 'SENT');
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    const { sendStatus, publishStatus } = await standingOf(db.database, bad);
    assert.deepEqual([sendStatus, publishStatus], ['FAILED', 'PENDING']);
    assert.equal((await journalOf(db.database, bad))[0]?.reason, 'DATABASE_REFUSED');
    assert.deepEqual(await statesOf(), [
      ['DELIVERED', 19],
      ['FAILED', 1],
    ]);
    assert.deepEqual(await batchTokens(db.database), []);
  });

  it('to settle stays where the sweeper finds it, and the others are settled', async () => {
    const pipeline = await createTestPipeline(connect());
    const records = await insertRecords(20);
    await refuse(billOf(records[3]), 'DELIVERED');
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(await statesOf(), [
      ['DELIVERED', 19],
      ['SENT', 1],
    ]);
    assert.equal((await batchTokens(db.database)).length, 1);
    assert.equal(pipeline.inFlight('EMAIL'), 0);
  });
});

describe('a row that somebody holds', () => {
  for (const settings of ['-c statement_timeout=200', '-c lock_timeout=200']) {
    it(`for longer than ${settings.slice(3)} delays no other bill, and is sent when it is free`, async () => {
      const pipeline = await createTestPipeline(connect(settings));
      const records = await insertRecords(100);
      const others = records.filter((_, index) => index !== 41);
      await inTransaction(db.database, async (connection) => {
        await connection.run('select from bill_notification where bill_id = $1 for update', [
          billOf(records[41]),
        ]);
        pipeline.receive('EMAIL', records);
        await allDone(others);
        assert.equal(records[41]?.doneTimes(), 0);
      });
      await allDone(records);
      await pipeline.stop();
      assert.deepEqual(await statesOf(), [['DELIVERED', 100]]);
    });
  }

  it('between claim and hand-off makes it wait its turn, and puts nothing in doubt', async () => {
    let held: (() => void) | undefined;
    const releases = new Promise<void>((resolve) => {
      held = resolve;
    });
    const records = await insertRecords(30);
    const billId = billOf(records[9]);
    let holding: Promise<void> | undefined;
    const renderPool = createFakeRenderPool(async (channel, bills) => {
      await new Promise<void>((locked) => {
        holding ??= inTransaction(db.database, async (connection) => {
          await connection.run('select from bill_notification where bill_id = $1 for update', [billId]);
          locked();
          await releases;
        });
      });
      return bills.map(() => renderedFor(channel));
    });
    const pipeline = await createTestPipeline(connect('-c statement_timeout=200'), { renderPool });
    pipeline.receive('EMAIL', records);
    await allDone(records.filter((_, index) => index !== 9));
    held?.();
    await holding;
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(await statesOf(), [
      ['DELIVERED', 29],
      ['PENDING', 1],
    ]);
    const { sendStatus, publishStatus } = await standingOf(db.database, billId);
    assert.deepEqual([sendStatus, publishStatus], ['PENDING', 'PENDING']);
  });
});

describe('pg_cancel_backend in a loop', () => {
  it('ends no process, loses nothing and puts nothing in doubt', async () => {
    const database = connect();
    const pipeline = await createTestPipeline(database);
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, publish_status)
       select id, ${someMember}, 'PUBLISHED' from generate_series(700001, 702000) id`,
    );
    const records = Array.from({ length: 2_000 }, (_, index) => recordOf(String(700_001 + index) as BillId));
    let isOver = false;
    const cancelling = (async () => {
      let cancelled = 0;
      while (!isOver) {
        cancelled += await askValue<number>(
          db.database,
          `select count(pg_cancel_backend(pid))::int from pg_stat_activity
           where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
        );
      }
      return cancelled;
    })();
    for (let first = 0; first < 2_000; first += 100) {
      pipeline.receive('EMAIL', records.slice(first, first + 100));
    }
    while (records.some((record) => record.doneTimes() === 0)) {
      await Promise.race(
        records.filter((record) => record.doneTimes() === 0).map(({ whenDone }) => whenDone),
      );
      const left = records.filter((record) => record.doneTimes() === 0).length;
      if (left < 1_000) isOver = true;
    }
    assert.ok((await cancelling) > 0);
    await pipeline.stop();
    const states = new Map(await statesOf());
    assert.deepEqual(
      [...states.keys()].filter((state) => state !== 'DELIVERED' && state !== 'PENDING'),
      [],
    );
    const owed = await askValue<number>(
      db.database,
      "select count(*)::int from bill_notification where send_status = 'PENDING' and publish_status <> " +
        "'PENDING'",
    );
    assert.equal(owed, 0);
  });
});

describe('transactions in each other’s way', () => {
  it('are logged as such, and not as an unreachable server', async () => {
    const captured = captureLog();
    const database = createDatabase({
      url: db.url,
      poolSize: 2,
      log: captured.log,
      patienceMs: Number.POSITIVE_INFINITY,
    });
    opened.push(database);
    const [one, other] = [billOf((await insertRecords(1))[0]), billOf((await insertRecords(1))[0])];
    const crossing = inTransaction(db.database, async (connection) => {
      await connection.run(`set local deadlock_timeout = '10s'`);
      await connection.run('update bill_notification set changed_at = now() where bill_id = $1', [other]);
      const both = database.query({
        name: 'test-both',
        text: `with a as (update bill_notification set changed_at = now() where bill_id = ${one}
                           returning bill_id)
               update bill_notification n set changed_at = now() from a where n.bill_id in (${other})`,
      });
      await untilWaiting(db.database);
      await connection.run('update bill_notification set changed_at = now() where bill_id = $1', [one]);
      return { both };
    });
    await captured.line('transactions collided, trying again');
    await (await crossing).both;
    assert.ok(!captured.warnings().includes('server unreachable, retrying'));
  });
});
