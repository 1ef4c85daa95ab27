import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Claim } from '../../../src/bill.ts';
import { BatchBook } from '../../../src/consumer/pipeline/batchBook.ts';
import { Settler } from '../../../src/consumer/pipeline/settler.ts';
import { MoveTally } from '../../../src/db/counts/moveTally.ts';
import type { Database } from '../../../src/db/database.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { createThrottledLog } from '../../../src/log/throttledLog.ts';
import { createPathMeters } from '../../../src/metrics/pathMeters.ts';
import { insertClaimed } from '../../support/arrange.ts';
import { createBrake } from '../../support/brakeRows.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { claimOf } from '../../support/claims.ts';
import { batchTokens, newDispatcherId, newToken, standingOf } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createChannelLanes, firstLane } from '../../support/testLanes.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

function createTestSettler(database: Database = db.database) {
  const captured = captureLog();
  const throttledLog = createThrottledLog(captured.log);
  const batchBook = new BatchBook({ database, throttledLog });
  const route = { brake: createBrake(), provider: createFakeProvider() };
  const lane = firstLane(createChannelLanes([route], 1_000));
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<unknown>();
  const settler = new Settler({
    database,
    throttledLog,
    batchBook,
    meters: createPathMeters(),
    tally: new MoveTally(newDispatcherId()),
    first: 'EMAIL',
    actor: 'a',
    onFatal,
  });

  /** Bills of one batch that are claimed, as the lane holds them. */
  const hold = (claims: readonly Claim[]) => {
    assert.ok(claims[0]);
    const batch = batchBook.open(claims[0].token, claims.length);
    lane.claimed.tryTake(claims.length);
    return claims.map((claim) => {
      const record = recordOf(claim.billId);
      return { bill: lane.claim(record, claim, batch), record };
    });
  };
  return { settler, captured, fatal, hold, open: () => lane.claimed.taken };
}

async function insertSent(count: number): Promise<Claim[]> {
  const claims = await insertClaimed(db.database, count);
  if (claims[0]) await handOffBills(db.database, claims[0].token, { claims, provider: 'test' });
  return claims;
}

describe('the settler', () => {
  it('writes answers of every kind, and lets each record pass when its row is written', async () => {
    const { settler, hold, open } = createTestSettler();
    const [first, second, third] = hold(await insertSent(3));
    assert.ok(first && second && third);
    settler.settle(first.bill, { transition: 'accepted', providerId: 'p' }, 5);
    settler.settle(second.bill, { transition: 'refusedToNext', reason: 'EMAIL_REFUSED', next: 'SMS' }, 5);
    settler.settle(third.bill, { transition: 'notSent', reason: 'N', delayMs: 1_000 });
    assert.equal(first.record.doneTimes(), 0);
    const bills = [first, second, third];
    const states = await Promise.all(
      bills.map(async ({ record, bill: { claim } }) => {
        await record.whenDone;
        return (await standingOf(db.database, claim.billId)).sendStatus;
      }),
    );
    assert.deepEqual(states, ['DELIVERED', 'PENDING', 'PENDING']);
    await settler.flush();
    assert.equal(open(), 0);
    assert.deepEqual(
      bills.map(({ record }) => record.doneTimes()),
      [1, 1, 1],
    );
  });

  it('deletes a batch with its last bill, settled or lost, and not before', async () => {
    const { settler, hold } = createTestSettler();
    const [first, second] = hold(await insertSent(2));
    assert.ok(first && second);
    settler.settle(first.bill, { transition: 'accepted' });
    await settler.flush();
    assert.ok((await batchTokens(db.database)).includes(first.bill.claim.token));
    second.bill.close();
    await settler.flush();
    assert.equal((await batchTokens(db.database)).includes(first.bill.claim.token), false);
    assert.equal(second.record.doneTimes(), 1);
  });

  it('takes an answer that changes nothing for done, and says so', async () => {
    const { settler, captured, hold } = createTestSettler();
    const [claim] = await insertSent(1);
    assert.ok(claim);
    const [stale] = hold([{ ...claim, token: newToken() }]);
    assert.ok(stale);
    settler.settle(stale.bill, { transition: 'accepted' });
    await stale.record.whenDone;
    assert.deepEqual(captured.warnings(), ['answer came too late and changed nothing']);
    await settler.flush();
  });

  it('writes far fewer statements than answers under load', async () => {
    let statements = 0;
    const counting: Database = {
      ...db.database,
      query: (statement, values) => {
        statements++;
        return db.database.query(statement, values);
      },
    };
    const { settler, hold, open } = createTestSettler(counting);
    for (const [index, { bill }] of hold(await insertSent(400)).entries()) {
      settler.settle(bill, { transition: index % 2 === 0 ? 'accepted' : 'unknown', reason: 'U' });
    }
    await settler.flush();
    assert.equal(open(), 0);
    assert.ok(statements <= 6, String(statements));
  });

  it('gathers a few answers that come while others are written, and writes many at once', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const written: number[] = [];
    let done: () => void = () => undefined;
    const slow: Database = {
      ...db.database,
      query: (_statement, [billIds] = []) => {
        written.push(String(billIds).split(',').length);
        return new Promise((resolve) => {
          done = () => resolve([]);
        });
      },
    };
    const { settler } = createTestSettler(slow);
    const answers = (count: number) => {
      const bill = { claim: claimOf(), close: () => undefined, closeUnsettled: () => undefined };
      for (let answer = 0; answer < count; answer++) settler.settle(bill, { transition: 'accepted' });
    };
    answers(1);
    t.mock.timers.tick(4);
    answers(49);
    done();
    await setImmediate();
    assert.deepEqual(written, [1]);
    answers(10);
    t.mock.timers.tick(8);
    assert.deepEqual(written, [1, 59]);
    answers(50);
    done();
    await setImmediate();
    assert.deepEqual(written, [1, 59, 50]);
    done();
    await settler.flush();
  });

  it('flushes at once if nothing waits', async () => {
    await createTestSettler().settler.flush();
  });

  it('reports a fault, and lets no record pass whose row is not written', async () => {
    const failing: Database = { ...db.database, query: () => Promise.reject(new Error('a fault')) };
    const { settler, fatal, hold, open } = createTestSettler(failing);
    const [held] = hold(await insertSent(1));
    assert.ok(held);
    settler.settle(held.bill, { transition: 'accepted' });
    assert.match(String(await fatal), /a fault/);
    assert.deepEqual([held.record.doneTimes(), open()], [0, 1]);
  });
});
