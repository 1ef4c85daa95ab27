import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import type { Selection } from '../../../src/db/reads/standing.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { markEventsPublished, selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { only } from '../../support/arrange.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newBillId,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function retry(selection: Selection, dryRun = false) {
  return moveSelected(db.database, {
    selection,
    move: retryAs(db.database, { actor: 'person alice', first: 'EMAIL' }),
    dryRun,
  });
}

async function insertFailed(spec: NotificationSpec & { month?: string } = {}): Promise<BillId> {
  const { month, ...row } = spec;
  const { billId } = await insertNotification(db.database, {
    sendStatus: 'FAILED',
    channel: 'SMS',
    reason: 'SMS_REFUSED',
    ...row,
  });
  if (month !== undefined) await insertBill(db.database, { billId, month });
  return billId;
}

function failedAsSeen(billId: BillId) {
  return {
    billId,
    sendStatus: 'FAILED',
    publishStatus: 'PUBLISHED',
    cycle: 1,
    token: null,
    channel: 'EMAIL',
    passed: null,
    inClosedMonth: false,
  } as const;
}

describe('a retry', () => {
  it('starts the next cycle by e-mail, due at once, with its event owed and no attempts', async () => {
    const billId = await insertFailed({ cycle: 2, attempts: 3, publishSeq: 5, retransmitInMs: 60_000 });
    const report = await retry({ billIds: [billId] });
    assert.deepEqual([report.movable, report.moved, report.busy], [1, 1, 0]);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'EMAIL', 3, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.token], ['PENDING', 6, null]);
    assert.deepEqual([row.retransmitInMs, row.notBeforeInMs], [null, null]);
  });

  it('is journalled with who asked and why the bill had failed', async () => {
    const billId = await insertFailed({ reason: 'CIPHER_FAILED' });
    await retry({ billIds: [billId] });
    const entry = only(await journalOf(db.database, billId));
    assert.deepEqual([entry.outcome, entry.applied, entry.actor], ['RETRIED', true, 'person alice']);
    assert.deepEqual([entry.cycle, entry.channel, entry.reason], [2, 'EMAIL', 'CIPHER_FAILED']);
  });

  it('that asks refused addresses again is journalled as such', async () => {
    const billId = await insertFailed();
    const move = retryAs(db.database, { actor: 'person alice', first: 'EMAIL', asksRefused: true });
    assert.equal(
      (await moveSelected(db.database, { selection: { billIds: [billId] }, move, dryRun: false })).moved,
      1,
    );
    assert.equal(only(await journalOf(db.database, billId)).outcome, 'ASKED_AGAIN');
  });

  const allowed: readonly [string, NotificationSpec][] = [
    ['before its retransmission', { retransmitInMs: 3_600_000 }],
    ['that cannot be prepared', { reason: 'BILL_INCOMPLETE' }],
    ['beyond the maximum of cycles', { cycle: 99 }],
  ];
  for (const [which, spec] of allowed) {
    it(`takes a bill ${which}`, async () => {
      assert.equal((await retry({ billIds: [await insertFailed(spec)] })).moved, 1);
    });
  }

  it('waits for the dead letter: nothing happens before it is acknowledged (fence 5)', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT', channel: 'SMS' });
    await settle(db.database, 'refusedForGood', { settlements: [{ claim, elapsedMs: 1 }], actor: 'a' });
    const early = await retry({ billIds: [claim.billId] });
    assert.deepEqual([early.moved, early.left], [0, { FAILED: 1 }]);
    await markEventsPublished(db.database, await selectOwedEvents(db.database, 10));
    assert.equal((await retry({ billIds: [claim.billId] })).moved, 1);
  });

  for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'CANCELLED'] as const) {
    it(`leaves ${sendStatus} alone and says so`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, billId);
      assert.deepEqual((await retry({ billIds: [billId] })).left, { [sendStatus]: 1 });
      assert.deepEqual(await standingOf(db.database, billId), before);
      assert.deepEqual(await journalOf(db.database, billId), []);
    });
  }

  it('of a month or a reason leaves the others as they are; together both must hold', async () => {
    const wanted = await insertFailed({ month: '2026-11-01', reason: 'CIPHER_FAILED' });
    const otherReason = await insertFailed({ month: '2026-11-01' });
    const otherMonth = await insertFailed({ month: '2026-10-01', reason: 'CIPHER_FAILED' });
    const both = { month: '2026-11-01', reason: 'CIPHER_FAILED', sendStatus: 'FAILED' } as const;
    assert.deepEqual((await retry(both)).firstBillIds, [wanted]);
    assert.deepEqual((await retry({ month: '2026-11-01', sendStatus: 'FAILED' })).firstBillIds, [
      otherReason,
    ]);
    const rest = await retry({ reason: 'CIPHER_FAILED', sendStatus: 'FAILED' });
    assert.deepEqual(rest.firstBillIds, [otherMonth]);
  });

  it('of named bills in a month counts those outside of it as not found', async () => {
    const november = await insertFailed({ month: '2026-11-01' });
    const october = await insertFailed({ month: '2026-10-01' });
    const report = await retry({ billIds: [november, october, newBillId()], month: '2026-11-01' });
    assert.deepEqual([report.moved, report.notFound], [1, 2]);
  });

  it('only counts in a dry run, and shows the first few', async () => {
    const billIds: BillId[] = [];
    for (let bill = 0; bill < 7; bill++) billIds.push(await insertFailed());
    const report = await retry({ reason: 'SMS_REFUSED', sendStatus: 'FAILED' }, true);
    assert.deepEqual([report.movable, report.moved], [7, 0]);
    assert.deepEqual(report.firstBillIds, billIds.slice(0, 5));
    for (const billId of billIds) assert.equal((await standingOf(db.database, billId)).sendStatus, 'FAILED');
  });

  it('twice at once starts one cycle per bill', async () => {
    const billIds: BillId[] = [];
    for (let bill = 0; bill < 40; bill++) billIds.push(await insertFailed());
    const reports = await Promise.all([1, 2, 3].map(() => retry({ billIds })));
    assert.equal(
      reports.reduce((sum, { moved }) => sum + moved, 0),
      40,
    );
    for (const billId of billIds) assert.equal((await standingOf(db.database, billId)).cycle, 2);
  });

  it('asked again after a lost answer says the same and starts no further cycle', async () => {
    const billId = await insertFailed();
    const { make } = retryAs(db.database, { actor: 'person alice', first: 'EMAIL' });
    const standing = failedAsSeen(billId);
    const token = newToken();
    assert.deepEqual(await make([standing], token), new Set([billId]));
    assert.deepEqual(await make([standing], token), new Set([billId]));
    assert.equal((await standingOf(db.database, billId)).cycle, 2);
    assert.equal((await journalOf(db.database, billId)).length, 1);
  });

  const meanwhile = {
    'has failed in a later cycle': 'update bill_notification set cycle = 2',
    'owes its dead letter again': `update bill_notification set publish_status = 'PENDING'`,
    'is of a month that was closed': `
      insert into closed_month (billing_month, state, closed_by) values ('2026-11-01', 'closed', 'a')`,
  };
  for (const [which, change] of Object.entries(meanwhile)) {
    it(`of a bill that meanwhile ${which} wins nothing`, async () => {
      const billId = await insertFailed({ month: '2026-11-01' });
      const { make } = retryAs(db.database, { actor: 'person alice', first: 'EMAIL' });
      await db.database.execute(change);
      assert.deepEqual(await make([failedAsSeen(billId)], newToken()), new Set());
    });
  }
});
