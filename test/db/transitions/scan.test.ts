import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Claim } from '../../../src/bill.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  type Straggler,
  takeBackStrandedBills,
  walkNotifications,
} from '../../../src/db/transitions/scan.ts';
import { only } from '../../support/arrange.ts';
import {
  billIdOf,
  emptyTables,
  insertBatch,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newDispatcherId,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const orphanAfterMs = 60_000;
const limits = { window: 100, orphanAfterMs, batchMaxAgeMs: 120_000 };
function walk(window = limits.window) {
  return walkNotifications(db.database, { ...limits, window });
}

async function straysOf(spec: NotificationSpec): Promise<Straggler[]> {
  await emptyTables(db.database);
  await insertNotification(db.database, spec);
  return (await walk()).stragglers;
}

const longAgo = { changedMsAgo: 600_000, publishedMsAgo: 61_000 } as const;

describe('the walk', () => {
  it('finds an orphan: PENDING, due, and published longer ago than the limit', async () => {
    const { billId } = await insertNotification(db.database, { ...longAgo, channel: 'SMS' });
    assert.deepEqual((await walk()).stragglers, [{ kind: 'orphan', billId, channel: 'SMS' }]);
  });

  it('finds the orphan of a billing batch that wrote PUBLISHED itself', async () => {
    assert.equal(only(await straysOf({ changedMsAgo: 61_000 })).kind, 'orphan');
  });

  it('finds bills with ids below 1, which a batch wrote by mistake', async () => {
    for (const id of [0, -5, '-9223372036854775807']) {
      await insertNotification(db.database, { ...longAgo, billId: billIdOf(id) });
    }
    assert.deepEqual((await walk(2)).stragglers.length, 2);
    const { stragglers, atEnd } = await walk(2);
    assert.deepEqual([stragglers.length, atEnd], [1, true]);
  });

  it('sees no orphan in what is held, owed, put off, or young', async () => {
    assert.deepEqual(await straysOf({ ...longAgo, publishStatus: 'HELD' }), []);
    assert.deepEqual(await straysOf({ ...longAgo, publishStatus: 'PENDING' }), []);
    assert.deepEqual(await straysOf({ ...longAgo, notBeforeInMs: 60_000 }), []);
    assert.deepEqual(await straysOf({ ...longAgo, publishedMsAgo: 50_000 }), []);
    assert.deepEqual(await straysOf({ ...longAgo, changedMsAgo: 50_000 }), []);
  });

  it('sees no orphan in any other state', async () => {
    for (const sendStatus of ['IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
      assert.deepEqual(await straysOf({ ...longAgo, sendStatus }), []);
    }
  });

  it('finds claims without a batch, SENDING and SENT, once they are older than any batch', async () => {
    const changedMsAgo = 121_000;
    const sending = await insertNotification(db.database, { sendStatus: 'SENDING', changedMsAgo });
    const sent = await insertNotification(db.database, { sendStatus: 'SENT', changedMsAgo });
    await insertNotification(db.database, { sendStatus: 'SENT', changedMsAgo: 110_000 });
    assert.deepEqual((await walk()).stragglers, [
      { kind: 'strandedSending', billId: sending.billId, token: sending.token },
      { kind: 'strandedSent', billId: sent.billId, token: sent.token },
    ]);
  });

  it('leaves claims with a batch to the sweep of batches', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT', changedMsAgo: 600_000 });
    await insertBatch(db.database, {
      token: claim.token,
      owner: newDispatcherId(),
      billIds: [claim.billId],
    });
    assert.deepEqual((await walk()).stragglers, []);
  });

  it('sees every row once per round, a window per call, also ids beyond 2^53, and begins again', async () => {
    const ids = ['3', '5', '9007199254740992', '9007199254740993', '9223372036854775807'].map(billIdOf);
    for (const billId of ids) await insertNotification(db.database, { billId, ...longAgo });
    for (let round = 0; round < 2; round++) {
      const calls = [await walk(2), await walk(2), await walk(2)];
      assert.deepEqual(
        calls.map(({ stragglers }) => stragglers.map(({ billId }) => billId)),
        [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)],
      );
      assert.deepEqual(
        calls.map(({ atEnd }) => atEnd),
        [false, false, true],
      );
    }
  });

  it('whose last window is full ends with an empty one', async () => {
    await insertNotification(db.database, longAgo);
    assert.equal((await walk(1)).atEnd, false);
    assert.deepEqual(await walk(1), { stragglers: [], atEnd: true });
  });

  it('over no rows is at its end', async () => {
    assert.deepEqual(await walk(), { stragglers: [], atEnd: true });
  });
});

describe('an orphan', () => {
  it('owes its event again, by a new sequence number', async () => {
    const { billId } = await insertNotification(db.database, { ...longAgo, publishSeq: 3 });
    assert.equal(await republishOrphans(db.database, [billId], orphanAfterMs), 1);
    const row = await standingOf(db.database, billId);
    assert.deepEqual([row.sendStatus, row.publishStatus, row.publishSeq], ['PENDING', 'PENDING', 4]);
    assert.equal(await republishOrphans(db.database, [billId], orphanAfterMs), 0, 'twice is once');
  });

  it('that moved on since it was seen is left alone', async () => {
    const moved: NotificationSpec[] = [
      { ...longAgo, sendStatus: 'SENDING' },
      { ...longAgo, sendStatus: 'DELIVERED' },
      { ...longAgo, publishStatus: 'HELD' },
      { ...longAgo, publishedMsAgo: 1_000 },
      { ...longAgo, changedMsAgo: 1_000 },
    ];
    for (const spec of moved) {
      const { billId } = await insertNotification(db.database, spec);
      assert.equal(await republishOrphans(db.database, [billId], orphanAfterMs), 0);
    }
  });
});

const actor = 'sweeper host:1';
function strandedAs(kind: 'strandedSending' | 'strandedSent', { billId, token }: Claim) {
  return {
    kind,
    billId,
    token,
  };
}

describe('a stranded claim', () => {
  it('SENDING is taken back, due at once, its event owed', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENDING', publishStatus: 'HELD' });
    assert.equal(await takeBackStrandedBills(db.database, [strandedAs('strandedSending', claim)]), 1);
    const row = await readNotification(db.database, claim.billId);
    assert.deepEqual(
      [row.sendStatus, row.token, row.publishStatus, row.publishSeq, row.notBeforeInMs],
      ['PENDING', null, 'PENDING', 2, null],
    );
  });

  it('SENT is in doubt under the same token, and journalled', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT', handedOffMsAgo: 30_000 });
    assert.equal(await doubtStrandedBills(db.database, [strandedAs('strandedSent', claim)], actor), 1);
    const row = await readNotification(db.database, claim.billId);
    assert.deepEqual([row.sendStatus, row.token, row.reason], ['IN_DOUBT', claim.token, 'OWNER_GONE']);
    assert.equal(row.notBeforeInMs, null);
    const entry = only(await journalOf(db.database, claim.billId));
    assert.deepEqual([entry.outcome, entry.applied, entry.actor], ['UNKNOWN', true, actor]);
  });

  it('by another token, or in another state, is left alone', async () => {
    const sending = await insertNotification(db.database, { sendStatus: 'SENDING' });
    const sent = await insertNotification(db.database, { sendStatus: 'SENT' });
    const taken = [{ ...sending, token: newToken() }, sent].map((claim) =>
      strandedAs('strandedSending', claim),
    );
    assert.equal(await takeBackStrandedBills(db.database, taken), 0);
    const doubted = [{ ...sent, token: newToken() }, sending].map((claim) =>
      strandedAs('strandedSent', claim),
    );
    assert.equal(await doubtStrandedBills(db.database, doubted, actor), 0);
    assert.deepEqual(await journalOf(db.database, sent.billId), []);
  });
});
