import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { BillId, SettlingTransition } from '../../../src/bill.ts';
import { tallySettled } from '../../../src/consumer/pipeline/tallySettled.ts';
import { beginCounts, countWindow, nextWindowToCount } from '../../../src/db/counts/countWindow.ts';
import { readKeptCounts } from '../../../src/db/counts/keptCounts.ts';
import { MoveTally } from '../../../src/db/counts/moveTally.ts';
import type { Database } from '../../../src/db/database.ts';
import { countBillStates, type StateCounts } from '../../../src/db/reads/stateCounts.ts';
import {
  doubtAbandoned,
  forgetAbandonedBatches,
  takeBackAbandoned,
} from '../../../src/db/transitions/claimBatches.ts';
import { claimBills } from '../../../src/db/transitions/claimBills.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { refuseUnsendable } from '../../../src/db/transitions/refuseUnsendable.ts';
import { createRelease } from '../../../src/db/transitions/releaseHeld.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { ask } from '../../support/ask.ts';
import { plansOf, recordStatements, scannedTables } from '../../support/countedStatements.ts';
import { billIdOf, memberIdOf, newDispatcherId, newToken } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
/** Three windows. The second has bills of both months, and the last ten bills are not in `bill`. */
const bills = 40_000;
const months = ['2026-10-01', '2026-11-01'] as const;
const everything = { first: 'EMAIL', smallBytes: 0 } as const;

async function fill(): Promise<void> {
  await ask(
    db.database,
    `insert into bill_notification (bill_id, member_id, publish_status)
     select id, 1, case when id % 4 = 0 then 'HELD' else 'PUBLISHED' end from generate_series(1, ${bills}) id;
     insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
                       total_billed_amount, monthly_fee, additional_fee, issued_at, payment_owner_name,
                       payment_name, payment_number)
     select id, 1, case when id <= 20000 then date '${months[0]}' else date '${months[1]}' end,
            1, 0, 0, 0, 1, 1, 0, now(), '', '', ''
     from generate_series(1, ${bills} - 10) id;
     analyze`,
  );
  await beginCounts(db.database, 0);
  await countAll();
}

/** Counts the windows that are known to differ. @returns how many there were */
async function countAll(): Promise<number> {
  for (let windows = 0; ; windows++) {
    const next = await nextWindowToCount(db.database);
    if (next?.isKnownToDiffer !== true) return windows;
    await countWindow(db.database, next, 'EMAIL');
  }
}

/** @param ignored counts that are not exact while bills move */
async function compare(ignored: Partial<StateCounts> = {}): Promise<void> {
  for (const month of [undefined, ...months]) {
    const kept = await readKeptCounts(db.database, { ...everything, month });
    const full = await countBillStates(db.database, 'EMAIL', month);
    assert.deepEqual({ ...kept?.counts, ...ignored }, { ...full, ...ignored }, month);
  }
}

/** Makes all moves old enough for their windows to be counted again. */
async function letMovesRest(): Promise<void> {
  await ask(db.database, `update bill_move set at = now() - interval '1 minute'`);
}

async function claim(first: number, last: number) {
  const billIds = Array.from({ length: last - first + 1 }, (_, index): BillId => billIdOf(first + index));
  const token = newToken();
  const claims = await claimBills(db.database, {
    token,
    owner: newDispatcherId(),
    channel: 'EMAIL',
    events: billIds.map((billId) => ({ billId, memberId: memberIdOf(1) })),
  });
  return { token, claims };
}

async function carry(tally: MoveTally, [first, last]: [number, number], transition: SettlingTransition) {
  const { token, claims } = await claim(first, last);
  await handOffBills(db.database, token, { claims, provider: 'test' });
  const settlements = claims.map((one) => ({ claim: one, elapsedMs: 1, next: 'SMS' as const, delayMs: 1 }));
  await settle(db.database, transition, { settlements, actor: 'a' });
  for (const one of claims) tallySettled({ tally, first: 'EMAIL' }, transition, one);
}

/** The connection is cut before the statement is run, or after it has committed. */
function failing(cut: 'before' | 'after'): Database {
  return {
    ...db.database,
    query: async (statement, values) => {
      if (cut === 'after') await db.database.query(statement, values);
      throw new Error('the connection was cut');
    },
  };
}

async function compareDelivered(tooMany = 0): Promise<void> {
  const { delivered } = await countBillStates(db.database, 'EMAIL');
  const kept = await readKeptCounts(db.database, everything);
  assert.equal(kept?.counts.delivered, delivered + tooMany);
}

describe('kept counts', () => {
  before(fill);

  it('are those of a full count, window by window', async () => {
    const kept = await readKeptCounts(db.database, everything);
    assert.equal(kept?.isSettled, true);
    await compare();
    const november = await readKeptCounts(db.database, { ...everything, month: months[1] });
    assert.equal(
      november?.counts.total,
      bills - 20_000 - 10,
      'a bill that the source does not have is in no month',
    );
  });

  it('have all their windows from the start, so that no tally counts for a window that was cut since', async () => {
    const windows = await ask<[string]>(
      db.database,
      'select first_id::text from bill_count order by first_id',
    );
    assert.deepEqual(windows.flat(), ['-9223372036854775808', '16385', '32769']);
    assert.equal(await beginCounts(db.database, 0), 0);
    assert.equal(await beginCounts(db.database), undefined);
  });

  it('are tallied by windows that another process made', async () => {
    const tally = new MoveTally(newDispatcherId());
    await tally.followWindows(db.database);
    await ask(db.database, `insert into bill_count (first_id) values (60001)`);
    await tally.followWindows(db.database);
    tally.add('delivered', billIdOf(60_002));
    await tally.flush(db.database);
    assert.deepEqual(await ask(db.database, 'delete from bill_move returning first_id::int, delivered'), [
      [60_001, 1],
    ]);
    await ask(db.database, `delete from bill_count where first_id = 60001`);
  });

  it('are not kept of few bills', async () => {
    assert.equal(await readKeptCounts(db.database, { first: 'EMAIL' }), undefined);
  });

  it('follow the path by what it has tallied, and what is in flight', async () => {
    const tally = new MoveTally(newDispatcherId());
    await tally.readWindows(db.database);
    await carry(tally, [1, 300], 'accepted');
    // The last bill of one window and the first of the next.
    await carry(tally, [16_384, 16_385], 'accepted');
    await carry(tally, [16_386, 16_500], 'refusedToNext');
    await carry(tally, [39_001, 39_100], 'refusedForGood');
    await carry(tally, [39_101, 39_150], 'unknown');
    await tally.flush(db.database);
    const { token, claims } = await claim(501, 600);
    await handOffBills(db.database, token, { claims: claims.slice(0, 30), provider: 'test' });
    // A batch that is not forgotten yet, of bills that another one has claimed since.
    await ask(
      db.database,
      `insert into claim_batch (token, owner, bill_ids, claimed_at)
       select '${newToken()}', owner, bill_ids, claimed_at from claim_batch where token = '${token}'`,
    );
    for (const month of [undefined, ...months]) {
      assert.equal((await readKeptCounts(db.database, { ...everything, month }))?.isSettled, false, month);
    }
    // Which of the moved bills were held is not known: an event that came from elsewhere took them.
    await compare({ held: 0 });
    await letMovesRest();
    assert.ok((await countAll()) >= 2);
    assert.equal((await readKeptCounts(db.database, everything))?.drift, 0);
    await compare();
  });

  it('follow persons at once, and bills that are added', async () => {
    await createRelease(db.database, standardLadder).next(500);
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id) select id, 1 from generate_series(50001, 50100) id`,
    );
    await compare();
  });

  it('of what a dead dispatcher had claimed or sent are not called exact before they are counted again', async () => {
    await letMovesRest();
    await countAll();
    const { token, claims } = await claim(901, 1_000);
    await handOffBills(db.database, token, { claims: claims.slice(0, 30), provider: 'test' });
    const limits = { claimTtlMs: 0, batchMaxAgeMs: 60_000, batches: 10 };
    // 40 more than these: an earlier test has left them in flight.
    assert.equal(await takeBackAbandoned(db.database, limits), 140);
    await forgetAbandonedBatches(db.database, limits);
    assert.equal((await readKeptCounts(db.database, everything))?.isSettled, false);
    await letMovesRest();
    await countAll();
    assert.equal(await doubtAbandoned(db.database, limits, 'a'), 60);
    await forgetAbandonedBatches(db.database, limits);
    assert.equal((await readKeptCounts(db.database, everything))?.isSettled, false);
    await letMovesRest();
    await countAll();
    await compare();
  });

  it('say how many wait, also if these are many', async () => {
    const wait = (notBefore: string) =>
      ask(
        db.database,
        `update bill_notification set publish_status = 'PENDING', not_before = ${notBefore}
         where bill_id between 25001 and 37000 and send_status = 'PENDING'`,
      );
    await wait(`now() + interval '1 hour'`);
    await ask(db.database, `update bill_count set counted_at = null`);
    await countAll();
    await compare();
    await wait(`'-infinity'`);
    await ask(db.database, `update bill_count set counted_at = null`);
    await countAll();
    await compare();
  });

  it('follow the relay that fails what no event can name', async () => {
    const [row] = await ask<[string, number]>(
      db.database,
      `update bill_notification set publish_status = 'PENDING', publish_seq = publish_seq + 1
       where bill_id = 2001 returning bill_id::text, publish_seq`,
    );
    assert.ok(row);
    const [billId, publishSeq] = row;
    assert.equal(await refuseUnsendable(db.database, [{ billId: billIdOf(billId), publishSeq }]), 1);
    const { failed } = await countBillStates(db.database, 'EMAIL');
    assert.equal((await readKeptCounts(db.database, everything))?.counts.failed, failed);
  });

  it('count a flush once that failed, or whose answer was lost', async () => {
    const tally = new MoveTally(newDispatcherId());
    await tally.readWindows(db.database);
    await carry(tally, [601, 650], 'accepted');
    await assert.rejects(tally.flush(failing('before')), /cut/);
    await tally.flush(db.database);
    await compareDelivered();
    await carry(tally, [651, 700], 'accepted');
    await assert.rejects(tally.flush(failing('after')), /cut/);
    await carry(tally, [701, 710], 'accepted');
    await tally.flush(db.database);
    await compareDelivered();
  });

  it('show drift, correct it, and date failures and cancellations that nobody dated', async () => {
    await letMovesRest();
    await countAll();
    await ask(
      db.database,
      `update bill_notification set send_status = 'FAILED', publish_status = 'PUBLISHED' where bill_id = 20001`,
    );
    await ask(
      db.database,
      `update bill_notification set send_status = 'CANCELLED', claim_token = null where bill_id = 20002`,
    );
    await ask(
      db.database,
      `update bill_count set counted_at = '2000-01-01' where first_id > 0 and first_id < 20001`,
    );
    const next = await nextWindowToCount(db.database);
    assert.ok(next);
    assert.equal(next.isKnownToDiffer, false);
    assert.equal(await countWindow(db.database, next, 'EMAIL'), 2);
    assert.equal((await readKeptCounts(db.database, everything))?.drift, 2);
    await compare();
    const dated = await ask(
      db.database,
      `select coalesce(failed_at, cancelled_at) = changed_at from bill_notification
       where bill_id in (20001, 20002)`,
    );
    assert.deepEqual(dated, [[true], [true]]);
  });

  it('count a flush again whose window was counted before it was asked again, until the next count', async () => {
    const tally = new MoveTally(newDispatcherId());
    await tally.readWindows(db.database);
    await carry(tally, [711, 720], 'accepted');
    await assert.rejects(tally.flush(failing('after')), /cut/);
    await letMovesRest();
    await countAll();
    await tally.flush(db.database);
    await compareDelivered(10);
    await letMovesRest();
    assert.ok((await countAll()) > 0);
    await compareDelivered();
  });

  it('count bills that come behind a last window without bills', async () => {
    const [last] = await ask<[string]>(db.database, 'select max(bill_id) from bill_notification');
    await ask(db.database, `insert into bill_count (first_id) values (${last} + 1)`);
    await countAll();
    await ask(db.database, `insert into bill_notification (bill_id, member_id) values (${last} + 1, 1)`);
    await compare();
    assert.equal((await nextWindowToCount(db.database))?.firstId, String(Number(last) + 1));
    await countAll();
    await compare();
  });

  it('count windows that were never counted with each answer if they are the last ones', async () => {
    await ask(db.database, `update bill_count set counted_at = null where first_id > 32000`);
    await compare();
    await ask(db.database, `update bill_count set counted_at = null where first_id < 0`);
    assert.equal(await readKeptCounts(db.database, everything), undefined);
    await countAll();
  });

  it('of a month need windows that were counted by month', async () => {
    await ask(db.database, 'update bill_count set has_months = false where first_id < 0');
    assert.equal(await readKeptCounts(db.database, { ...everything, month: months[0] }), undefined);
    assert.equal((await nextWindowToCount(db.database))?.isUncounted, true);
    await countAll();
    await compare();
  });

  it('are read and counted without a scan of all notifications', async () => {
    const { database, asked } = recordStatements(db.database);
    await readKeptCounts(database, everything);
    await readKeptCounts(database, { ...everything, month: months[1] });
    const next = await nextWindowToCount(database);
    assert.ok(next);
    await countWindow(database, next, 'EMAIL');
    for (const [name, statement] of asked) {
      for (const plan of await plansOf(db.database, statement)) {
        assert.ok(!scannedTables(plan).includes('bill_notification'), `${name} ${JSON.stringify(plan)}`);
        assert.ok(!scannedTables(plan).includes('bill'), `${name} ${JSON.stringify(plan)}`);
      }
    }
  });
});
