import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId, SendStatus } from '../../../src/bill.ts';
import { perChannel } from '../../../src/channels.ts';
import type { Selection, Standing } from '../../../src/db/reads/standing.ts';
import { cancelAs, replacedBy } from '../../../src/db/transitions/cancelBills.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { markEventsPublished, selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { retransmitDue } from '../../../src/db/transitions/retransmit.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { toOutgoing } from '../../../src/relay/owedRecords.ts';
import { claimAs, only } from '../../support/arrange.ts';
import { inTransaction } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { releaseBills } from '../../support/releaseInTest.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function cancel(
  selection: Selection,
  { reason, dryRun = false }: { reason?: string; dryRun?: boolean } = {},
) {
  return moveSelected(db.database, {
    selection,
    move: cancelAs(db.database, { actor: 'person alice', reason }),
    dryRun,
  });
}

async function insertOf(month: string, spec: NotificationSpec): Promise<BillId> {
  const { billId } = await insertNotification(db.database, spec);
  await insertBill(db.database, { billId, month });
  return billId;
}

const topics = { ...perChannel((channel) => channel.toLowerCase()), deadLetter: 'dlt' };

describe('cancelling', () => {
  const early: readonly NotificationSpec[] = [
    { sendStatus: 'PENDING', publishStatus: 'HELD' },
    { sendStatus: 'PENDING', publishStatus: 'PENDING', notBeforeInMs: 60_000 },
    { sendStatus: 'PENDING', publishStatus: 'PUBLISHED', channel: 'SMS' },
    { sendStatus: 'SENDING' },
    { sendStatus: 'FAILED', retransmitInMs: 60_000, reason: 'SMS_REFUSED' },
  ];
  for (const spec of early) {
    it(`${spec.sendStatus}, ${spec.publishStatus ?? 'PUBLISHED'} ends it for good`, async () => {
      const { billId } = await insertNotification(db.database, spec);
      assert.equal((await cancel({ billIds: [billId] }, { reason: 'wrong tariff' })).moved, 1);
      const row = await readNotification(db.database, billId);
      assert.deepEqual([row.sendStatus, row.token, row.reason], ['CANCELLED', null, 'wrong tariff']);
      assert.equal(row.publishStatus, spec.publishStatus ?? 'PUBLISHED');
      assert.deepEqual([row.notBeforeInMs, row.retransmitInMs], [null, null]);
      const entry = only(await journalOf(db.database, billId));
      assert.deepEqual([entry.outcome, entry.applied, entry.actor], ['CANCELLED', true, 'person alice']);
      assert.deepEqual([entry.reason, entry.channel], ['wrong tariff', spec.channel ?? 'EMAIL']);
    });
  }

  for (const sendStatus of ['SENT', 'IN_DOUBT', 'DELIVERED', 'CANCELLED'] as const) {
    it(`comes too late for ${sendStatus} and changes nothing`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, billId);
      const report = await cancel({ billIds: [billId] });
      assert.deepEqual([report.moved, report.left], [0, { [sendStatus]: 1 }]);
      assert.deepEqual(await standingOf(db.database, billId), before);
      assert.deepEqual(await journalOf(db.database, billId), []);
    });
  }

  it('of a bill in preparation makes its hand-off lose: nothing leaves', async () => {
    const { billId } = await insertNotification(db.database);
    const claims = await claimAs(db.database, [billId]);
    await cancel({ billIds: [billId] });
    assert.equal(
      (await handOffBills(db.database, only(claims).token, { claims, provider: 'test' })).won.size,
      0,
    );
    const late = { claim: only(claims), elapsedMs: 1, reason: 'CIPHER_FAILED' };
    const tooLate = await settle(db.database, 'unpreparable', { settlements: [late], actor: 'a' });
    assert.equal(tooLate.size, 1);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'CANCELLED');
  });

  it('leaves a row that owed something to the relay, which marks it without a record', async () => {
    const { billId } = await insertNotification(db.database, {
      publishStatus: 'PENDING',
      notBeforeInMs: 9e6,
    });
    await cancel({ billIds: [billId] });
    const owed = await selectOwedEvents(db.database, 10);
    assert.deepEqual(
      owed.map((event) => [event.billId, toOutgoing(event, topics)]),
      [[billId, []]],
    );
    await markEventsPublished(db.database, owed);
    assert.deepEqual(await selectOwedEvents(db.database, 10), []);
  });

  it('outlives an event for it, publishing its month again, and its retransmission', async () => {
    const held = await insertOf('2026-11-01', { publishStatus: 'HELD' });
    const failed = await insertOf('2026-11-01', { sendStatus: 'FAILED', retransmitInMs: -1 });
    await cancel({ month: '2026-11-01' });
    assert.deepEqual(await claimAs(db.database, [held, failed]), []);
    assert.equal(await releaseBills(db.database, { month: '2026-11-01', limit: 10 }), 0);
    assert.equal(
      await retransmitDue(db.database, { maxCycles: 3, limit: 10, first: 'EMAIL', actor: 'a' }),
      0,
    );
    for (const billId of [held, failed]) {
      assert.equal((await standingOf(db.database, billId)).sendStatus, 'CANCELLED');
    }
  });

  it('of a month takes every bill of it that is not handed off, and counts the others', async () => {
    const states: readonly SendStatus[] = ['PENDING', 'SENDING', 'FAILED', 'SENT', 'IN_DOUBT', 'DELIVERED'];
    for (const sendStatus of states) await insertOf('2026-11-01', { sendStatus });
    const other = await insertOf('2026-10-01', {});
    const report = await cancel({ month: '2026-11-01' });
    assert.deepEqual([report.selected, report.movable, report.moved], [6, 3, 3]);
    assert.deepEqual(report.left, { SENT: 1, IN_DOUBT: 1, DELIVERED: 1 });
    assert.equal((await standingOf(db.database, other)).sendStatus, 'PENDING');
  });

  it('a second time finds them cancelled already', async () => {
    const billId = await insertOf('2026-11-01', {});
    await cancel({ month: '2026-11-01' });
    const again = await cancel({ month: '2026-11-01' });
    assert.deepEqual([again.moved, again.left], [0, { CANCELLED: 1 }]);
    assert.equal((await journalOf(db.database, billId)).length, 1);
  });

  it('only counts in a dry run', async () => {
    const { billId } = await insertNotification(db.database);
    const report = await cancel({ billIds: [billId] }, { dryRun: true });
    assert.deepEqual([report.movable, report.moved, report.firstBillIds], [1, 0, [billId]]);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'PENDING');
  });

  it('waits for a bill whose row is locked by a claim that gives it up', async () => {
    const { billId } = await insertNotification(db.database);
    let cancelling: Promise<unknown> = Promise.resolve();
    await inTransaction(db.database, async (connection) => {
      await connection.run('select from bill_notification where bill_id = $1 for update', [billId]);
      cancelling = cancel({ billIds: [billId] }).then(({ moved }) => assert.equal(moved, 1));
      const none = await cancelAs(db.database, { actor: 'a' }).make(
        [
          {
            billId,
            sendStatus: 'PENDING',
            publishStatus: 'PUBLISHED',
            cycle: 1,
            token: null,
            channel: 'EMAIL',
            passed: null,
            inClosedMonth: false,
          },
        ],
        newToken(),
      );
      assert.deepEqual(none, new Set());
    });
    await cancelling;
  });

  it('counts a bill as too late that is handed off while its row was locked', async () => {
    const { billId } = await insertNotification(db.database);
    const token = only(await claimAs(db.database, [billId])).token;
    let cancelling = Promise.resolve({});
    await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'SENT', handed_off_at = now()
         where bill_id = $1 and claim_token = $2`,
        [billId, token],
      );
      cancelling = cancel({ billIds: [billId] }).then(({ moved, left }) => ({ moved, left }));
    });
    assert.deepEqual(await cancelling, { moved: 0, left: { SENT: 1 } });
  });

  it('says when a row stays locked', async () => {
    const { billId } = await insertNotification(db.database);
    await inTransaction(db.database, async (connection) => {
      await connection.run('select from bill_notification where bill_id = $1 for update', [billId]);
      const report = await cancel({ billIds: [billId] });
      assert.deepEqual([report.moved, report.busy], [0, 1]);
    });
  });

  it('asked again after a lost answer says the same and journals once', async () => {
    const { billId } = await insertNotification(db.database);
    const { make } = cancelAs(db.database, { actor: 'person alice' });
    const standing = {
      billId,
      sendStatus: 'PENDING',
      publishStatus: 'PUBLISHED',
      cycle: 1,
      token: null,
      channel: 'EMAIL',
      passed: null,
      inClosedMonth: false,
    } as const;
    const token = newToken();
    for (let asked = 0; asked < 2; asked++) {
      assert.deepEqual(await make([standing], token), new Set([billId]));
    }
    assert.equal((await journalOf(db.database, billId)).length, 1);
  });

  it('only as seen leaves out a bill that differs in anything', async () => {
    const { billId } = await insertNotification(db.database, {
      sendStatus: 'FAILED',
      publishStatus: 'PUBLISHED',
    });
    const standing = {
      billId,
      passed: null,
      inClosedMonth: false,
      ...(await standingOf(db.database, billId)),
    };
    const { make } = cancelAs(db.database, { actor: 'person alice', onlyAsSeen: true });
    const others: readonly Partial<Standing>[] = [
      { sendStatus: 'PENDING' },
      { publishStatus: 'PENDING' },
      { cycle: standing.cycle + 1 },
      { token: newToken() },
      { channel: 'SMS' },
    ];
    for (const other of others) {
      assert.deepEqual(await make([{ ...standing, ...other }], newToken()), new Set(), JSON.stringify(other));
    }
    assert.deepEqual(await make([standing], newToken()), new Set([billId]));
  });
});

describe('a correction', () => {
  it('names the bill that replaces the old one', async () => {
    assert.equal(replacedBy(billIdOf(43), undefined), 'REPLACED_BY 43');
    const { billId } = await insertNotification(db.database);
    await cancel({ billIds: [billId] }, { reason: replacedBy(billIdOf(43), 'wrong tariff') });
    assert.equal(only(await journalOf(db.database, billId)).reason, 'REPLACED_BY 43: wrong tariff');
  });
});

describe('publishing a month twice', () => {
  it('changes nothing the second time, whatever became of its bills', async () => {
    const states: readonly NotificationSpec[] = [
      { publishStatus: 'HELD', publishSeq: 0 },
      { publishStatus: 'PENDING' },
      { sendStatus: 'SENDING' },
      { sendStatus: 'SENT' },
      { sendStatus: 'IN_DOUBT' },
      { sendStatus: 'DELIVERED' },
      { sendStatus: 'FAILED' },
      { sendStatus: 'CANCELLED', publishStatus: 'HELD' },
    ];
    const billIds: BillId[] = [];
    for (const spec of states) billIds.push(await insertOf('2026-11-01', spec));
    assert.equal(await releaseBills(db.database, { month: '2026-11-01', limit: 100 }), 1);
    const before = await Promise.all(billIds.map((billId) => standingOf(db.database, billId)));
    assert.equal(await releaseBills(db.database, { month: '2026-11-01', limit: 100 }), 0);
    assert.deepEqual(await Promise.all(billIds.map((billId) => standingOf(db.database, billId))), before);
  });
});
