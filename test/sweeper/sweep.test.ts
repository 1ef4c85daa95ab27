import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { SendStatus } from '../../src/bill.ts';
import { claimBills } from '../../src/db/transitions/claimBills.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import { type SweepReport, sweep } from '../../src/sweeper/sweep.ts';
import { only } from '../support/arrange.ts';
import { captureLog } from '../support/capturedLog.ts';
import {
  batchTokens,
  emptyTables,
  insertBatch,
  insertDispatcher,
  insertNotification,
  journalOf,
  newDispatcherId,
  newToken,
  someMember,
  standingOf,
  statusOf,
} from '../support/notifications.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const nothing: SweepReport = {
  takenBack: 0,
  doubted: 0,
  orphans: 0,
  retransmitted: 0,
  purged: 0,
  earlyReleased: 0,
  earlyLettered: 0,
  deadDispatchers: 0,
};

async function insertHeld(sendStatus: SendStatus, owner = newDispatcherId(), claimedMsAgo = 0) {
  const claim = await insertNotification(db.database, { sendStatus });
  await insertBatch(db.database, { token: claim.token, owner, billIds: [claim.billId], claimedMsAgo });
  return claim;
}

describe('a sweep', () => {
  it('of nothing changes nothing and says nothing', async () => {
    const captured = captureLog();
    assert.deepEqual(await sweep(sweepDepsOf(db.database, { log: captured.log })), nothing);
    assert.deepEqual(captured.lines, []);
  });

  it('takes back what a dead dispatcher prepared, doubts what it handed off, and forgets it', async () => {
    const captured = captureLog();
    const owner = await insertDispatcher(db.database, { name: 'dead:1', silentMs: 10_100 });
    const sending = await insertHeld('SENDING', owner);
    const sent = await insertHeld('SENT', owner);
    const delivered = await insertHeld('DELIVERED', owner);
    const report = await sweep(sweepDepsOf(db.database, { log: captured.log }));
    assert.deepEqual(report, { ...nothing, takenBack: 1, doubted: 1, deadDispatchers: 1 });
    assert.deepEqual(
      await Promise.all([sending, sent, delivered].map(({ billId }) => statusOf(db.database, billId))),
      ['PENDING', 'IN_DOUBT', 'DELIVERED'],
    );
    assert.deepEqual(await batchTokens(db.database), []);
    assert.equal(captured.lines.find(({ dispatcher }) => dispatcher === 'dead:1')?.level, 40);
    const again = await sweep(sweepDepsOf(db.database));
    assert.deepEqual(again, nothing, 'the second time there is nothing left');
  });

  it('judges nobody while the database has only just come back', async () => {
    const owner = await insertDispatcher(db.database, { silentMs: 10_100 });
    const sent = await insertHeld('SENT', owner);
    assert.deepEqual(await sweep(sweepDepsOf(db.database, { mayJudge: () => false })), nothing);
    assert.equal(await statusOf(db.database, sent.billId), 'SENT');
  });

  it('leaves alone what a living dispatcher holds', async () => {
    const owner = await insertDispatcher(db.database, { silentMs: 5_000 });
    const claims = [await insertHeld('SENDING', owner), await insertHeld('SENT', owner, 110_000)];
    assert.deepEqual(await sweep(sweepDepsOf(db.database)), nothing);
    assert.deepEqual(await Promise.all(claims.map(({ billId }) => statusOf(db.database, billId))), [
      'SENDING',
      'SENT',
    ]);
    assert.equal((await batchTokens(db.database)).length, 2);
  });

  it('doubts what even a living dispatcher holds for longer than the limit', async () => {
    const owner = await insertDispatcher(db.database);
    const sent = await insertHeld('SENT', owner, 120_100);
    assert.equal((await sweep(sweepDepsOf(db.database))).doubted, 1);
    assert.equal(await statusOf(db.database, sent.billId), 'IN_DOUBT');
  });

  it('goes through more batches than one call takes', async () => {
    const owner = newDispatcherId();
    for (let batch = 0; batch < 120; batch++) await insertHeld('SENDING', owner);
    assert.equal((await sweep(sweepDepsOf(db.database))).takenBack, 120);
    assert.deepEqual(await batchTokens(db.database), []);
  });

  it('settles what the late answer of a dead dispatcher says, after the doubt', async () => {
    const sent = await insertHeld('SENT');
    await sweep(sweepDepsOf(db.database));
    const late = {
      settlements: [{ claim: sent, elapsedMs: 1, next: 'SMS' as const, providerId: 'late' }],
      actor: 'a',
    };
    assert.equal((await settle(db.database, 'accepted', late)).size, 0);
    assert.equal(await statusOf(db.database, sent.billId), 'DELIVERED');
    assert.deepEqual((await journalOf(db.database, sent.billId)).map(({ outcome }) => outcome).sort(), [
      'ACCEPTED',
      'UNKNOWN',
    ]);
  });

  it('of several processes at once changes each bill once', async () => {
    const claims = [];
    for (let batch = 0; batch < 30; batch++) {
      claims.push(await insertHeld(batch % 2 === 0 ? 'SENDING' : 'SENT'));
    }
    const reports = await Promise.all([1, 2, 3].map(() => sweep(sweepDepsOf(db.database))));
    // Batches that another sweep has locked are skipped: each may leave some to the next one.
    reports.push(await sweep(sweepDepsOf(db.database)));
    const sum = (name: 'takenBack' | 'doubted') => reports.reduce((total, report) => total + report[name], 0);
    assert.deepEqual([sum('takenBack'), sum('doubted')], [15, 15]);
    for (const { billId } of claims) assert.equal((await standingOf(db.database, billId)).cycle, 1);
  });
});

describe('stragglers in a sweep', () => {
  const orphan = { changedMsAgo: 61_000, publishedMsAgo: 61_000 } as const;

  it('orphans are published again where the topic was consumed, channel by channel', async () => {
    const email = await insertNotification(db.database, orphan);
    const sms = await insertNotification(db.database, { ...orphan, channel: 'SMS' });
    const asked: [string, number][] = [];
    const report = await sweep(
      sweepDepsOf(db.database, {
        hasConsumed: async (channel, ageMs) => {
          asked.push([channel, ageMs]);
          return channel === 'SMS';
        },
      }),
    );
    assert.deepEqual(report, { ...nothing, orphans: 1 });
    assert.equal((await standingOf(db.database, email.billId)).publishStatus, 'PUBLISHED');
    assert.equal((await standingOf(db.database, sms.billId)).publishStatus, 'PENDING');
    assert.deepEqual(asked.sort(), [
      ['EMAIL', 60_000],
      ['SMS', 60_000],
    ]);
  });

  it('orphans are looked for after the lag was asked for, so that it holds for them', async () => {
    const report = await sweep(
      sweepDepsOf(db.database, {
        hasConsumed: async (channel) => {
          await insertNotification(db.database, { ...orphan, channel });
          return true;
        },
      }),
    );
    assert.deepEqual(report, { ...nothing, orphans: 2 });
  });

  it('orphans wait for a Kafka that hangs, and all else continues', async () => {
    await insertNotification(db.database, orphan);
    const sending = await insertHeld('SENDING');
    const hasConsumed = () => new Promise<boolean>(() => undefined);
    assert.deepEqual(await sweep(sweepDepsOf(db.database, { hasConsumed })), { ...nothing, takenBack: 1 });
    assert.equal(await statusOf(db.database, sending.billId), 'PENDING');
  });

  it('an orphan that is claimed after it was seen keeps its claim', async () => {
    const { billId } = await insertNotification(db.database, orphan);
    const token = newToken();
    await claimBills(db.database, {
      token,
      owner: await insertDispatcher(db.database),
      channel: 'EMAIL',
      events: [{ billId, memberId: someMember }],
    });
    assert.deepEqual(await sweep(sweepDepsOf(db.database)), nothing);
    assert.equal((await standingOf(db.database, billId)).token, token);
  });

  it('claims that no batch knows are taken back or doubted', async () => {
    const changedMsAgo = 121_000;
    const sending = await insertNotification(db.database, { sendStatus: 'SENDING', changedMsAgo });
    const sent = await insertNotification(db.database, { sendStatus: 'SENT', changedMsAgo });
    assert.deepEqual(await sweep(sweepDepsOf(db.database)), { ...nothing, takenBack: 1, doubted: 1 });
    assert.deepEqual(
      [await statusOf(db.database, sending.billId), await statusOf(db.database, sent.billId)],
      ['PENDING', 'IN_DOUBT'],
    );
    assert.equal(only(await journalOf(db.database, sent.billId)).reason, 'OWNER_GONE');
  });
});

describe('retransmission in a sweep', () => {
  const failed = { sendStatus: 'FAILED', channel: 'SMS', retransmitInMs: -1 } as const;

  it('starts the next cycle of what is due, its dead letter acknowledged', async () => {
    const due = await insertNotification(db.database, failed);
    const owed = await insertNotification(db.database, { ...failed, publishStatus: 'PENDING' });
    const last = await insertNotification(db.database, { ...failed, cycle: 3 });
    assert.deepEqual(await sweep(sweepDepsOf(db.database)), { ...nothing, retransmitted: 1 });
    assert.equal((await standingOf(db.database, due.billId)).cycle, 2);
    for (const { billId } of [owed, last]) assert.equal(await statusOf(db.database, billId), 'FAILED');
  });
});
