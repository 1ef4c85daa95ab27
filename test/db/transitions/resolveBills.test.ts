import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import type { Selection, Standing } from '../../../src/db/reads/standing.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { markEventsPublished, selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { type DoubtVerdict, resolveAs } from '../../../src/db/transitions/resolveBills.ts';
import { retransmitDue } from '../../../src/db/transitions/retransmit.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { only } from '../../support/arrange.ts';
import { inTransaction } from '../../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newToken,
  readNotification,
  standingOf,
  statusOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function moveOf(verdict: DoubtVerdict) {
  return resolveAs(db.database, {
    verdict,
    first: 'EMAIL',
    actor: 'person alice',
    reason: 'asked the provider',
  });
}

function resolve(verdict: DoubtVerdict, selection: Selection, dryRun = false) {
  return moveSelected(db.database, { selection, move: moveOf(verdict), dryRun });
}

function insertDoubt(spec: NotificationSpec = {}) {
  return insertNotification(db.database, {
    sendStatus: 'IN_DOUBT',
    reason: 'OWNER_GONE',
    attempts: 2,
    publishSeq: 5,
    notBeforeInMs: 60_000,
    ...spec,
  });
}

function seenOf({ billId, token }: Pick<Standing, 'billId' | 'token'>): Standing {
  return {
    billId,
    token,
    sendStatus: 'IN_DOUBT',
    publishStatus: 'PUBLISHED',
    cycle: 1,
    channel: 'EMAIL',
    passed: null,
    inClosedMonth: false,
  };
}

const verdicts = ['delivered', 'resend', 'failed'] as const;
const outcomes = {
  delivered: 'RESOLVED_DELIVERED',
  resend: 'RESOLVED_RESEND',
  failed: 'RESOLVED_FAILED',
} as const;

describe('the verdict', () => {
  it('delivered ends the bill and keeps its token', async () => {
    const { billId, token } = await insertDoubt({ channel: 'SMS' });
    assert.equal((await resolve('delivered', { billIds: [billId] })).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.token, row.reason], ['DELIVERED', token, null]);
    assert.deepEqual([row.inDoubtMsAgo, row.notBeforeInMs, row.channel], [null, null, 'SMS']);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.cycle], ['PUBLISHED', 5, 1]);
  });

  it('resend starts the next cycle by e-mail, its event owed and due at once', async () => {
    const { billId } = await insertDoubt({ channel: 'SMS', cycle: 3 });
    assert.equal((await resolve('resend', { billIds: [billId] })).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'EMAIL', 4, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.token], ['PENDING', 6, null]);
    assert.deepEqual([row.inDoubtMsAgo, row.notBeforeInMs], [null, null]);
    assert.deepEqual(
      (await selectOwedEvents(db.database, 10)).map((event) => event.billId),
      [billId],
    );
  });

  it('failed owes a dead letter, is never sent again by itself, and is by a retry', async () => {
    const { billId } = await insertDoubt({ cycle: 2 });
    assert.equal((await resolve('failed', { billIds: [billId] })).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.token, row.reason, row.cycle], ['FAILED', null, 'GIVEN_UP', 2]);
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 6]);
    assert.deepEqual([row.inDoubtMsAgo, row.notBeforeInMs, row.retransmitInMs], [null, null, null]);
    await markEventsPublished(db.database, await selectOwedEvents(db.database, 10));
    assert.equal(
      await retransmitDue(db.database, { maxCycles: 9, limit: 10, first: 'EMAIL', actor: 'a' }),
      0,
    );
    const move = retryAs(db.database, { actor: 'person alice', first: 'EMAIL' });
    assert.equal(
      (await moveSelected(db.database, { selection: { billIds: [billId] }, move, dryRun: false })).moved,
      1,
    );
  });

  for (const verdict of verdicts) {
    it(`${verdict} is journalled with who says so and how they know`, async () => {
      const { billId, token } = await insertDoubt({ channel: 'SMS' });
      await resolve(verdict, { billIds: [billId] });
      const entry = only(await journalOf(db.database, billId));
      assert.deepEqual(
        [entry.outcome, entry.applied, entry.actor, entry.reason],
        [outcomes[verdict], true, 'person alice', 'asked the provider'],
      );
      const attempt = verdict === 'resend' ? [2, 'EMAIL'] : [1, 'SMS'];
      assert.deepEqual([entry.cycle, entry.channel], attempt);
      assert.notEqual(entry.token, token, 'the token of the hand-off is for the answers to it');
    });

    for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
      it(`${verdict} leaves ${sendStatus} alone and says so`, async () => {
        const { billId, token } = await insertNotification(db.database, { sendStatus });
        const before = await standingOf(db.database, billId);
        assert.deepEqual((await resolve(verdict, { billIds: [billId] })).left, { [sendStatus]: 1 });
        assert.deepEqual(await moveOf(verdict).make([seenOf({ billId, token })], newToken()), new Set());
        assert.deepEqual(await standingOf(db.database, billId), before);
        assert.deepEqual(await journalOf(db.database, billId), []);
      });
    }

    it(`${verdict} of a hand-off says nothing about a later one that is in doubt too`, async () => {
      const { billId } = await insertDoubt();
      const before = await standingOf(db.database, billId);
      const stale = seenOf({ billId, token: newToken() });
      assert.deepEqual(await moveOf(verdict).make([stale], newToken()), new Set());
      assert.equal(moveOf(verdict).allows(seenOf({ billId, token: newToken() }), stale), false);
      assert.deepEqual(await standingOf(db.database, billId), before);
    });

    it(`${verdict} asked again after a lost answer says the same and moves nothing further`, async () => {
      const { billId, token } = await insertDoubt();
      const journalToken = newToken();
      for (let asked = 0; asked < 2; asked++) {
        assert.deepEqual(
          await moveOf(verdict).make([seenOf({ billId, token })], journalToken),
          new Set([billId]),
        );
      }
      assert.equal((await journalOf(db.database, billId)).length, 1);
      assert.equal((await standingOf(db.database, billId)).cycle, verdict === 'resend' ? 2 : 1);
    });

    it(`${verdict} makes a late answer evidence, never a state`, async () => {
      const claim = await insertDoubt();
      await resolve(verdict, { billIds: [claim.billId] });
      const before = await standingOf(db.database, claim.billId);
      const late = {
        settlements: [{ claim, elapsedMs: 1, next: 'SMS' as const, reason: 'LATE' }],
        actor: 'a',
      };
      assert.equal((await settle(db.database, 'refusedToNext', late)).size, 1);
      assert.deepEqual(await standingOf(db.database, claim.billId), before);
      const journal = await journalOf(db.database, claim.billId);
      assert.deepEqual(journal.find(({ outcome }) => outcome === 'REFUSED')?.applied, false);
    });
  }
});

describe('resolving', () => {
  it('takes those in doubt of a time or a reason, and leaves the others', async () => {
    const hour = 3_600_000;
    const old = await insertDoubt({ inDoubtMsAgo: 2 * hour });
    const young = await insertDoubt({ inDoubtMsAgo: 1_000 });
    const other = await insertDoubt({ inDoubtMsAgo: 3 * hour, reason: 'TIMEOUT' });
    const anHourAgo = new Date(Date.now() - hour);
    const inDoubt = { sendStatus: 'IN_DOUBT' } as const;
    const oldest = await resolve('delivered', { ...inDoubt, doubtedBefore: anHourAgo }, true);
    assert.deepEqual(oldest.firstBillIds, [other.billId, old.billId]);
    await resolve('delivered', { ...inDoubt, doubtedFrom: anHourAgo });
    await resolve('failed', { ...inDoubt, reason: 'TIMEOUT' });
    assert.deepEqual(
      [
        await statusOf(db.database, old.billId),
        await statusOf(db.database, young.billId),
        await statusOf(db.database, other.billId),
      ],
      ['IN_DOUBT', 'DELIVERED', 'FAILED'],
    );
  });

  it('only counts in a dry run', async () => {
    const { billId } = await insertDoubt();
    const report = await resolve('resend', { sendStatus: 'IN_DOUBT' }, true);
    assert.deepEqual([report.movable, report.moved, report.firstBillIds], [1, 0, [billId]]);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'IN_DOUBT');
  });

  it('by several at once with different verdicts gives each bill one', async () => {
    const billIds: BillId[] = [];
    for (let bill = 0; bill < 40; bill++) billIds.push((await insertDoubt()).billId);
    const reports = await Promise.all(verdicts.map((verdict) => resolve(verdict, { billIds })));
    assert.equal(
      reports.reduce((sum, { moved }) => sum + moved, 0),
      40,
    );
    for (const billId of billIds) assert.equal((await journalOf(db.database, billId)).length, 1);
  });

  it('of a bill whose answer comes while its row is locked leaves it to the answer', async () => {
    const claim = await insertDoubt();
    let resolving: ReturnType<typeof resolve> | undefined;
    await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'DELIVERED', in_doubt_at = null where bill_id = $1`,
        [claim.billId],
      );
      resolving = resolve('resend', { billIds: [claim.billId] });
      assert.deepEqual(await moveOf('resend').make([seenOf(claim)], newToken()), new Set());
    });
    assert.deepEqual([(await resolving)?.moved, (await resolving)?.left], [0, { DELIVERED: 1 }]);
  });
});
