import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claim } from '../../../src/bill.ts';
import { createSettler } from '../../../src/consumer/pipeline/settler.ts';
import type { Database } from '../../../src/db/database.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { createThrottledLog } from '../../../src/log/throttledLog.ts';
import { insertClaimed } from '../../support/arrange.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { batchTokens, newToken, standingOf } from '../../support/notifications.ts';
import { type FakeRecord, recordOf } from '../../support/records.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

function createTestSettler(database: Database = db.database) {
  const captured = captureLog();
  const over: Claim[] = [];
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<unknown>();
  const onDone = (claim: Claim) => void over.push(claim);
  const settler = createSettler({
    database,
    throttledLog: createThrottledLog(captured.log),
    actor: 'a',
    onDone,
    onFatal,
  });
  return { settler, captured, over, fatal };
}

async function insertSent(count: number): Promise<{ record: FakeRecord; claim: Claim }[]> {
  const claims = await insertClaimed(db.database, count);
  if (claims[0]) await handOffBills(db.database, claims[0].token, claims);
  return claims.map((claim) => ({ record: recordOf(claim.billId), claim }));
}

describe('the settler', () => {
  it('writes answers of every kind, and lets each record pass when its row is written', async () => {
    const { settler, over } = createTestSettler();
    const [first, second, third] = await insertSent(3);
    assert.ok(first && second && third);
    settler.expect([first.claim, second.claim, third.claim]);
    settler.settle(first, { transition: 'accepted', providerId: 'p' }, 5);
    settler.settle(second, { transition: 'refusedToNext', reason: 'EMAIL_REFUSED' }, 5);
    settler.settle(third, { transition: 'notSent', reason: 'N', delayMs: 1_000 });
    assert.equal(first.record.doneTimes(), 0);
    const bills = [first, second, third];
    const states = await Promise.all(
      bills.map(async ({ record, claim }) => {
        await record.whenDone;
        return (await standingOf(db.database, claim.billId)).sendStatus;
      }),
    );
    assert.deepEqual(states, ['DELIVERED', 'PENDING', 'PENDING']);
    await settler.flush();
    assert.equal(over.length, 3);
    assert.deepEqual(
      bills.map(({ record }) => record.doneTimes()),
      [1, 1, 1],
    );
  });

  it('forgets a batch with its last claim, settled or abandoned, and not before', async () => {
    const { settler } = createTestSettler();
    const [first, second] = await insertSent(2);
    assert.ok(first && second);
    settler.expect([first.claim, second.claim]);
    settler.settle(first, { transition: 'accepted' });
    await settler.flush();
    assert.ok((await batchTokens(db.database)).includes(first.claim.token));
    settler.abandon(second);
    await settler.flush();
    assert.equal((await batchTokens(db.database)).includes(first.claim.token), false);
    assert.equal(second.record.doneTimes(), 1);
  });

  it('takes an answer that changes nothing for done, and says so', async () => {
    const { settler, captured } = createTestSettler();
    const [bill] = await insertSent(1);
    assert.ok(bill);
    const stale = { ...bill, claim: { ...bill.claim, token: newToken() } };
    settler.settle(stale, { transition: 'accepted' });
    await bill.record.whenDone;
    assert.deepEqual(captured.warnings(), ['answer changed nothing']);
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
    const { settler, over } = createTestSettler(counting);
    const bills = await insertSent(400);
    settler.expect(bills.map(({ claim }) => claim));
    for (const [index, bill] of bills.entries()) {
      settler.settle(bill, { transition: index % 2 === 0 ? 'accepted' : 'unknown', reason: 'U' });
    }
    await settler.flush();
    assert.equal(over.length, 400);
    assert.ok(statements <= 6, String(statements));
  });

  it('flushes at once where nothing waits', async () => {
    await createTestSettler().settler.flush();
  });

  it('tells of a fault, and lets no record pass whose row is not written', async () => {
    const failing: Database = { ...db.database, query: () => Promise.reject(new Error('a fault')) };
    const { settler, fatal } = createTestSettler(failing);
    const [bill] = await insertSent(1);
    assert.ok(bill);
    settler.settle(bill, { transition: 'accepted' });
    assert.match(String(await fatal), /a fault/);
    assert.equal(bill.record.doneTimes(), 0);
  });
});
