import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { SendStatus } from '../../../src/bill.ts';
import {
  doubtAbandoned,
  forgetAbandonedBatches,
  forgetDeadDispatchers,
  forgetSettledBatches,
  heartbeat,
  leaveDispatchers,
  takeBackAbandoned,
} from '../../../src/db/transitions/claimBatches.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { claimAs, only } from '../../support/arrange.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../../support/ask.ts';
import {
  batchTokens,
  emptyTables,
  insertBatch,
  insertDispatcher,
  insertNotification,
  journalOf,
  newDispatcherId,
  newToken,
  readNotification,
  standingOf,
  statusOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const limits = { claimTtlMs: 10_000, batchMaxAgeMs: 120_000, batches: 50 };
const actor = 'sweeper host:1';

/** A bill in a batch of an owner that was last heard of so long ago; null: never. */
async function insertHeld(
  sendStatus: SendStatus,
  { silentMs, claimedMsAgo = 0 }: { silentMs: number | null; claimedMsAgo?: number },
) {
  const owner = silentMs === null ? newDispatcherId() : await insertDispatcher(db.database, { silentMs });
  const claim = await insertNotification(db.database, { sendStatus, handedOffMsAgo: 30_000 });
  await insertBatch(db.database, { token: claim.token, owner, billIds: [claim.billId], claimedMsAgo });
  return { ...claim, owner };
}

describe('bills of an abandoned batch', () => {
  const abandoned = [
    { who: 'a silent owner', silentMs: 10_100 },
    { who: 'an owner that is gone', silentMs: null },
    { who: 'a living owner, older than the limit', silentMs: 0, claimedMsAgo: 120_100 },
  ];
  for (const { who, ...facts } of abandoned) {
    it(`of ${who}: SENDING is taken back, due at once, its event owed`, async () => {
      const held = await insertHeld('SENDING', facts);
      assert.equal(await takeBackAbandoned(db.database, limits), 1);
      const row = await readNotification(db.database, held.billId);
      assert.deepEqual([row.sendStatus, row.token, row.notBeforeInMs], ['PENDING', null, null]);
      assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 2]);
    });

    it(`of ${who}: SENT is in doubt under the same token, and journalled`, async () => {
      const held = await insertHeld('SENT', facts);
      assert.equal(await doubtAbandoned(db.database, limits, actor), 1);
      const row = await readNotification(db.database, held.billId);
      assert.deepEqual([row.sendStatus, row.token, row.reason], ['IN_DOUBT', held.token, 'OWNER_GONE']);
      assert.deepEqual([row.publishStatus, row.notBeforeInMs], ['PUBLISHED', null]);
      const entry = only(await journalOf(db.database, held.billId));
      assert.deepEqual([entry.outcome, entry.applied, entry.actor], ['UNKNOWN', true, actor]);
      assert.ok(entry.tookMs > 29_000, 'counts from the hand-off');
    });
  }

  it('of a living owner are left alone', async () => {
    const sending = await insertHeld('SENDING', { silentMs: 9_000, claimedMsAgo: 110_000 });
    const sent = await insertHeld('SENT', { silentMs: 9_000, claimedMsAgo: 110_000 });
    assert.equal(await takeBackAbandoned(db.database, limits), 0);
    assert.equal(await doubtAbandoned(db.database, limits, actor), 0);
    assert.equal(await forgetAbandonedBatches(db.database, limits), 0);
    assert.deepEqual(
      [await statusOf(db.database, sending.billId), await statusOf(db.database, sent.billId)],
      ['SENDING', 'SENT'],
    );
  });

  it('of a dead owner are found however many others live', async () => {
    await insertDispatcher(db.database, { silentMs: 0 });
    const sending = await insertHeld('SENDING', { silentMs: 10_100 });
    const sent = await insertHeld('SENT', { silentMs: null });
    assert.equal(await takeBackAbandoned(db.database, limits), 1);
    assert.equal(await doubtAbandoned(db.database, limits, actor), 1);
    assert.deepEqual(
      [await statusOf(db.database, sending.billId), await statusOf(db.database, sent.billId)],
      ['PENDING', 'IN_DOUBT'],
    );
  });

  for (const sendStatus of ['PENDING', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
    it(`that are ${sendStatus} are left as they are`, async () => {
      const held = await insertHeld(sendStatus, { silentMs: null });
      const before = await standingOf(db.database, held.billId);
      assert.equal(await takeBackAbandoned(db.database, limits), 0);
      assert.equal(await doubtAbandoned(db.database, limits, actor), 0);
      assert.deepEqual(await standingOf(db.database, held.billId), before);
    });
  }

  it('that another holds by now are left to it', async () => {
    for (const sendStatus of ['SENDING', 'SENT'] as const) {
      const held = await insertHeld(sendStatus, { silentMs: null });
      await ask(db.database, 'update bill_notification set claim_token = $2 where bill_id = $1', [
        held.billId,
        newToken(),
      ]);
    }
    assert.equal(await takeBackAbandoned(db.database, limits), 0);
    assert.equal(await doubtAbandoned(db.database, limits, actor), 0);
  });

  it('are taken a limited number of batches per call, oldest first', async () => {
    const young = await insertHeld('SENDING', { silentMs: null, claimedMsAgo: 1_000 });
    const old = await insertHeld('SENDING', { silentMs: null, claimedMsAgo: 2_000 });
    assert.equal(await takeBackAbandoned(db.database, { ...limits, batches: 1 }), 1);
    assert.deepEqual(
      [await statusOf(db.database, old.billId), await statusOf(db.database, young.billId)],
      ['PENDING', 'SENDING'],
    );
  });

  it('taken back twice at once change once', async () => {
    const held = await insertHeld('SENDING', { silentMs: null });
    const counts = await Promise.all([
      takeBackAbandoned(db.database, limits),
      takeBackAbandoned(db.database, limits),
      takeBackAbandoned(db.database, limits),
    ]);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      1,
    );
    assert.equal((await standingOf(db.database, held.billId)).publishSeq, 2);
  });

  it('cannot be handed off any more once they are taken back', async () => {
    const held = await insertHeld('SENDING', { silentMs: null });
    await takeBackAbandoned(db.database, limits);
    assert.equal(
      (await handOffBills(db.database, held.token, { claims: [held], provider: 'test' })).won.size,
      0,
    );
  });
});

describe('a hand-off beside the sweep', () => {
  it('that commits while the take-back waits for its row is kept, and its batch with it', async () => {
    const held = await insertHeld('SENDING', { silentMs: null });
    const sweeping = await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'SENT', handed_off_at = now() where bill_id = $1`,
        [held.billId],
      );
      const takingBack = takeBackAbandoned(db.database, limits);
      await untilWaiting(db.database);
      return { takingBack };
    });
    assert.equal(await sweeping.takingBack, 0);
    assert.equal(await statusOf(db.database, held.billId), 'SENT');
    assert.equal(await forgetAbandonedBatches(db.database, limits), 0);
    assert.equal(await doubtAbandoned(db.database, limits, actor), 1);
    assert.equal(await forgetAbandonedBatches(db.database, limits), 1);
  });

  it('that has not committed yet keeps its batch from being forgotten', async () => {
    const held = await insertHeld('SENDING', { silentMs: null });
    await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'SENT', handed_off_at = now() where bill_id = $1`,
        [held.billId],
      );
      assert.equal(await forgetAbandonedBatches(db.database, limits), 0);
    });
    assert.deepEqual(await batchTokens(db.database), [held.token]);
    assert.equal(await doubtAbandoned(db.database, limits, actor), 1);
  });

  it('that wins against many sweeps at once is SENT or in doubt, or never won: no bill is forgotten', async () => {
    for (let round = 0; round < 20; round++) {
      const held = await insertHeld('SENDING', { silentMs: null });
      const sweepOnce = async () => {
        await takeBackAbandoned(db.database, limits);
        await doubtAbandoned(db.database, limits, actor);
        await forgetAbandonedBatches(db.database, limits);
      };
      const [{ won }] = await Promise.all([
        handOffBills(db.database, held.token, { claims: [held], provider: 'test' }),
        sweepOnce(),
        sweepOnce(),
      ]);
      const sendStatus = await statusOf(db.database, held.billId);
      const batches = await batchTokens(db.database);
      if (won.size === 0) assert.equal(sendStatus, 'PENDING');
      else assert.ok(sendStatus === 'IN_DOUBT' || batches.includes(held.token), sendStatus);
      await emptyTables(db.database);
    }
  });
});

describe('an abandoned batch', () => {
  for (const sendStatus of ['SENDING', 'SENT'] as const) {
    it(`is kept while one of its bills is ${sendStatus} by its token`, async () => {
      await insertHeld(sendStatus, { silentMs: null });
      assert.equal(await forgetAbandonedBatches(db.database, limits), 0);
    });
  }

  it('is forgotten when nothing is held by its token any more', async () => {
    await insertHeld('IN_DOUBT', { silentMs: null });
    await insertHeld('DELIVERED', { silentMs: null });
    const stolen = await insertHeld('SENDING', { silentMs: null });
    await ask(db.database, 'update bill_notification set claim_token = $2 where bill_id = $1', [
      stolen.billId,
      newToken(),
    ]);
    assert.equal(await forgetAbandonedBatches(db.database, limits), 3);
    assert.deepEqual(await batchTokens(db.database), []);
  });
});

describe('a settled batch', () => {
  it('is forgotten by its token, and no other', async () => {
    const kept = await insertHeld('SENT', { silentMs: 0 });
    const settled = await insertHeld('DELIVERED', { silentMs: 0 });
    await forgetSettledBatches(db.database, [settled.token]);
    await forgetSettledBatches(db.database, [settled.token, newToken()]);
    assert.deepEqual(await batchTokens(db.database), [kept.token]);
  });
});

describe('heartbeat', () => {
  it('introduces a dispatcher and keeps what it claims its own', async () => {
    const owner = newDispatcherId();
    const { billId } = await insertNotification(db.database);
    await claimAs(db.database, [billId], { owner });
    await heartbeat(db.database, { id: owner, name: 'host:1' });
    assert.equal(await takeBackAbandoned(db.database, limits), 0);
  });

  it('after a silence makes the dispatcher the owner again of what is not taken back yet', async () => {
    const held = await insertHeld('SENDING', { silentMs: 60_000 });
    await heartbeat(db.database, { id: held.owner, name: 'host:1' });
    assert.equal(await takeBackAbandoned(db.database, limits), 0);
  });

  it('is one row per dispatcher', async () => {
    const id = newDispatcherId();
    await heartbeat(db.database, { id, name: 'host:1' });
    await heartbeat(db.database, { id, name: 'host:1' });
    assert.equal(await askValue(db.database, 'select count(*)::int from dispatcher'), 1);
  });

  it('of a dispatcher that left no longer counts: what it holds may be taken back at once', async () => {
    const held = await insertHeld('SENDING', { silentMs: 0 });
    await leaveDispatchers(db.database, held.owner);
    assert.equal(await takeBackAbandoned(db.database, limits), 1);
  });
});

describe('a dead dispatcher', () => {
  it('is forgotten once it holds nothing, and named', async () => {
    await insertDispatcher(db.database, { name: 'dead:1', silentMs: 10_100 });
    assert.deepEqual(await forgetDeadDispatchers(db.database, limits.claimTtlMs), ['dead:1']);
    assert.deepEqual(await forgetDeadDispatchers(db.database, limits.claimTtlMs), []);
  });

  it('is kept while a batch of it is left, or while it lives', async () => {
    await insertHeld('SENT', { silentMs: 10_100 });
    await insertDispatcher(db.database, { silentMs: 9_000 });
    assert.deepEqual(await forgetDeadDispatchers(db.database, limits.claimTtlMs), []);
  });
});
