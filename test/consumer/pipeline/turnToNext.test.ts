import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Claim } from '../../../src/bill.ts';
import { perChannel } from '../../../src/channels.ts';
import { turnToNext } from '../../../src/consumer/pipeline/turnToNext.ts';
import { turnBackAs } from '../../../src/db/transitions/turnBack.ts';
import { claimAs } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import { createBrake, createOpenBrake, wordOf } from '../../support/brakeRows.ts';
import { emptyTables, insertNotification, newToken, standingOf } from '../../support/notifications.ts';
import { createTestPipeline, holdClaims } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function arrange() {
  const brake = createBrake();
  brake.applyWord(wordOf());
  const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
  return { brake, pipeline: await createTestPipeline(db.database, { brakes }) };
}

async function insertSending(count: number, cycle: number): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (let bill = 0; bill < count; bill++) {
    claims.push(await insertNotification(db.database, { sendStatus: 'SENDING', cycle }));
  }
  return claims;
}

/** Turns them, and returns how many are SMS then. */
async function turnedOf(claims: readonly Claim[]) {
  const { brake, pipeline } = await arrange();
  const bills = holdClaims(pipeline, claims).map(
    ({ bill }) => ({ bill, contact: 'none', next: 'SMS' }) as const,
  );
  await turnToNext(pipeline.deps, pipeline.lanes.EMAIL, bills);
  await pipeline.deps.settler.flush();
  const standings = await Promise.all(claims.map((claim) => standingOf(db.database, claim.billId)));
  await pipeline.stop();
  return { turned: standings.filter(({ channel }) => channel === 'SMS').length, trip: brake.trip };
}

describe('e-mails without a usable address', () => {
  it('turn to SMS until they are too many', async () => {
    const { turned, trip } = await turnedOf(await insertSending(120, 1));
    assert.deepEqual([turned, trip?.kind], [50, 'smsTurns']);
  });

  it('that are retransmitted turn again, since they were counted in their first cycle', async () => {
    const { turned, trip } = await turnedOf(await insertSending(120, 2));
    assert.deepEqual([turned, trip], [120, undefined]);
  });

  it('that a person has turned back to e-mail are counted again', async () => {
    const ids = [];
    for (let bill = 0; bill < 120; bill++) {
      ids.push((await insertNotification(db.database, { channel: 'SMS', reason: 'NO_CONTACT' })).billId);
    }
    const sms = { sendStatus: 'PENDING', publishStatus: 'PUBLISHED', channel: 'SMS', cycle: 1 } as const;
    const seen = ids.map((billId) => ({ billId, token: null, passed: null, inClosedMonth: false, ...sms }));
    await turnBackAs(db.database, { actor: 'person alice', first: 'EMAIL' }).make(seen, newToken());
    await ask(db.database, `update bill_notification set not_before = '-infinity'`);
    const claims = await claimAs(db.database, ids, { channel: 'EMAIL', token: newToken() });
    assert.equal(claims.length, 120);
    const { turned, trip } = await turnedOf(claims);
    assert.deepEqual([turned, trip?.kind], [50, 'smsTurns']);
  });
});
