import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BillId, SendStatus } from '../../../src/bill.ts';
import { claimBills } from '../../../src/db/transitions/claimBills.ts';
import { claimAs, only } from '../../support/arrange.ts';
import { ask, inTransaction, untilWaiting } from '../../support/ask.ts';
import {
  batchTokens,
  billIdOf,
  insertNotification,
  memberIdOf,
  newBillId,
  newDispatcherId,
  newToken,
  readNotification,
  someMember,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

async function batchOf(token: string): Promise<{ owner: string; billIds: string[] } | undefined> {
  const [row] = await ask<[string, string[]]>(
    db.database,
    'select owner, bill_ids::text[] from claim_batch where token = $1',
    [token],
  );
  return row && { owner: row[0], billIds: row[1] };
}

async function assertNotClaimed(billId: BillId, claiming: Promise<unknown[]>): Promise<void> {
  const before = await standingOf(db.database, billId);
  assert.deepEqual(await claiming, []);
  assert.deepEqual(await standingOf(db.database, billId), before);
}

describe('claim', () => {
  it('takes a PENDING bill that is due, and says what the later fences need', async () => {
    const { billId } = await insertNotification(db.database, { cycle: 2, attempts: 3, changedMsAgo: 60_000 });
    const token = newToken();
    const won = await claimAs(db.database, [billId], { token });
    const [{ datedAtMs = 0, ...first } = {}, ...others] = won;
    const ids = { billId, memberId: someMember, token };
    assert.deepEqual(
      [first, ...others],
      [{ ...ids, channel: 'EMAIL', cycle: 2, attempts: 3, triedMs: 0, passed: null }],
    );
    assert.ok(datedAtMs % 1_000 === 0 && Math.abs(Date.now() - datedAtMs) < 5_000);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.token, row.handedOffMsAgo], ['SENDING', token, null]);
    assert.ok(row.changedMsAgo < 5_000);
  });

  it('dates a message by its first hand-off, and keeps that date for every later try', async (t) => {
    const { billId } = await insertNotification(db.database);
    const claimAt = async (seconds: number) => {
      t.mock.timers.setTime(seconds * 1_000);
      await ask(db.database, `update bill_notification set send_status = 'PENDING', claim_token = null`);
      const [claim] = await claimAs(db.database, [billId], { token: newToken() });
      return (claim?.datedAtMs ?? 0) / 1_000;
    };
    t.mock.timers.enable({ apis: ['Date'] });
    assert.equal(await claimAt(100), 100);
    assert.equal(await claimAt(200), 200, 'nothing was handed off yet');
    await ask(db.database, 'update bill_notification set attempts = 1');
    assert.equal(await claimAt(300), 200);
    await ask(db.database, 'update bill_notification set attempts = 0, cycle = 2');
    assert.equal(await claimAt(400), 400);
  });

  it('writes one batch with its owner and the bills that were won, and only those', async () => {
    const mine = await insertNotification(db.database);
    const done = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const token = newToken();
    const owner = newDispatcherId();
    await claimAs(db.database, [mine.billId, done.billId], { token, owner });
    assert.deepEqual(await batchOf(token), { owner, billIds: [mine.billId] });
  });

  it('writes no batch if it wins nothing', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'SENT' });
    const token = newToken();
    await claimAs(db.database, [billId], { token });
    assert.equal(await batchOf(token), undefined);
  });

  for (const sendStatus of ['SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
    it(`does not take ${sendStatus}`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      await assertNotClaimed(billId, claimAs(db.database, [billId]));
    });
  }

  it('takes a held bill whose event came from elsewhere, and leaves it to no relay', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    only(await claimAs(db.database, [billId]));
    assert.equal((await standingOf(db.database, billId)).publishStatus, 'HELD');
  });

  it('does not take what is not due: quiet hours, back-off', async () => {
    const { billId } = await insertNotification(db.database, { notBeforeInMs: 60_000 });
    await assertNotClaimed(billId, claimAs(db.database, [billId]));
  });

  it('takes what has become due', async () => {
    const { billId } = await insertNotification(db.database, { notBeforeInMs: -1 });
    only(await claimAs(db.database, [billId]));
  });

  it('does not take a bill by the event of the other channel', async () => {
    const { billId } = await insertNotification(db.database, { channel: 'SMS' });
    await assertNotClaimed(billId, claimAs(db.database, [billId], { channel: 'EMAIL' }));
    assert.equal(only(await claimAs(db.database, [billId], { channel: 'SMS' })).channel, 'SMS');
  });

  it("does not take another member's bill", async () => {
    const { billId } = await insertNotification(db.database);
    await assertNotClaimed(billId, claimAs(db.database, [billId], { memberId: memberIdOf(8) }));
  });

  it('wins nothing for a bill without a row', async () => {
    assert.deepEqual(await claimAs(db.database, [newBillId()]), []);
  });

  it('takes ids beyond 2^53 without rounding them', async () => {
    const billId = billIdOf('9007199254740993');
    const memberId = memberIdOf('9223372036854775807');
    await insertNotification(db.database, { billId, memberId });
    const won = only(await claimAs(db.database, [billId], { memberId }));
    assert.deepEqual([won.billId, won.memberId], [billId, memberId]);
    assert.deepEqual((await batchOf(won.token))?.billIds, [billId]);
  });
});

describe('claim, asked again because the outcome of its commit is unknown', () => {
  it('wins the same bills under the same token, and writes no second batch', async () => {
    const { billId } = await insertNotification(db.database);
    const token = newToken();
    const first = await claimAs(db.database, [billId], { token });
    assert.deepEqual(await claimAs(db.database, [billId], { token }), first);
    assert.equal((await batchTokens(db.database)).filter((other) => other === token).length, 1);
  });

  it('does not win what it has handed off already', async () => {
    const token = newToken();
    const { billId } = await insertNotification(db.database, { sendStatus: 'SENT', token });
    await assertNotClaimed(billId, claimAs(db.database, [billId], { token }));
  });

  it('does not win what was taken back and claimed by another in between', async () => {
    const token = newToken();
    const { billId } = await insertNotification(db.database, { sendStatus: 'SENDING', token: newToken() });
    await assertNotClaimed(billId, claimAs(db.database, [billId], { token }));
  });

  it('holds in its batch what it wins then', async () => {
    const kept = await insertNotification(db.database);
    const lost = await insertNotification(db.database);
    const token = newToken();
    await claimAs(db.database, [kept.billId, lost.billId], { token });
    await ask(db.database, `update bill_notification set claim_token = $2 where bill_id = $1`, [
      lost.billId,
      newToken(),
    ]);
    await claimAs(db.database, [kept.billId, lost.billId], { token });
    assert.ok((await batchOf(token))?.billIds.includes(kept.billId));
  });

  it('for its other part gathers the bills of both in one batch', async () => {
    const [one, other] = [await insertNotification(db.database), await insertNotification(db.database)];
    const token = newToken();
    await claimAs(db.database, [one.billId], { token });
    await claimAs(db.database, [other.billId], { token });
    assert.deepEqual((await batchOf(token))?.billIds, [one.billId, other.billId]);
  });
});

describe('concurrent claims', () => {
  it('of one bill: exactly one of many wins, and holds the only batch', async () => {
    const { billId } = await insertNotification(db.database);
    const tries = await Promise.all(Array.from({ length: 8 }, () => claimAs(db.database, [billId])));
    const winner = only(tries.flat());
    assert.equal((await readNotification(db.database, billId)).token, winner.token);
    const batches = await ask<[string]>(
      db.database,
      'select token from claim_batch where $1 = any(bill_ids)',
      [billId],
    );
    assert.deepEqual(batches, [[winner.token]]);
  });

  /** What another transaction does to a PENDING row while the claim waits for its lock. */
  const meanwhile: readonly { readonly what: string; readonly set: string; readonly to: SendStatus }[] = [
    {
      what: 'another claims it',
      set: `send_status = 'SENDING', claim_token = gen_random_uuid()`,
      to: 'SENDING',
    },
    { what: 'it turns to the other channel', set: `channel = 'SMS'`, to: 'PENDING' },
    { what: 'it is put off', set: `not_before = now() + interval '1 hour'`, to: 'PENDING' },
    { what: 'it is cancelled', set: `send_status = 'CANCELLED'`, to: 'CANCELLED' },
  ];
  for (const { what, set, to } of meanwhile) {
    it(`wins nothing when, while it waits for the row, ${what}`, async () => {
      const { billId } = await insertNotification(db.database);
      const waiting = await inTransaction(db.database, async (connection) => {
        await connection.run(`update bill_notification set ${set} where bill_id = $1`, [billId]);
        const claiming = claimAs(db.database, [billId]);
        await untilWaiting(db.database);
        return { claiming };
      });
      assert.deepEqual(await waiting.claiming, []);
      assert.equal((await standingOf(db.database, billId)).sendStatus, to);
    });
  }

  it('of overlapping batches in ascending order each win their share, without a deadlock', async () => {
    const billIds: BillId[] = [];
    for (let bill = 0; bill < 300; bill++) billIds.push((await insertNotification(db.database)).billId);
    const before = await deadlocks();
    const batches = [0, 50, 100, 0, 50, 100].map((from) => billIds.slice(from, from + 200));
    const won = await Promise.all(batches.map((batch) => claimAs(db.database, batch)));
    assert.deepEqual(
      won
        .flat()
        .map(({ billId }) => billId)
        .sort(),
      billIds,
    );
    assert.equal(await deadlocks(), before);
  });

  const deadlocks = async (): Promise<string> => {
    const [row] = await ask<[string]>(
      db.database,
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return row?.[0] ?? '';
  };
});

describe('the request', () => {
  it('may name bills that are won, lost and unknown at once', async () => {
    const free = await insertNotification(db.database);
    const sent = await insertNotification(db.database, { sendStatus: 'SENT' });
    const events = [free.billId, sent.billId, newBillId()].map((billId) => ({
      billId,
      memberId: someMember,
    }));
    const won = await claimBills(db.database, {
      token: newToken(),
      owner: newDispatcherId(),
      channel: 'EMAIL',
      events,
    });
    assert.deepEqual(
      won.map(({ billId }) => billId),
      [free.billId],
    );
  });
});
