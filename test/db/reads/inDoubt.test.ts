import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { countDoubtsAt, listDueDoubts, postponeLookups } from '../../../src/db/reads/inDoubt.ts';
import { only } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { askedAt } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function list(limit = 100) {
  return listDueDoubts(db.database, { horizonMs: 60_000, limit, asked: askedAt(['EMAIL', 'SMS']) });
}

describe('listing doubts', () => {
  it('gives the claim as it was handed off, and how long ago that was', async () => {
    const claim = await insertNotification(db.database, {
      billId: billIdOf('9007199254740993'),
      sendStatus: 'IN_DOUBT',
      channel: 'SMS',
      cycle: 2,
      attempts: 3,
      handedOffMsAgo: 30_000,
    });
    const doubt = only(await list());
    assert.deepEqual(doubt.claim, claim);
    assert.ok(doubt.handedOffMsAgo >= 30_000 && doubt.handedOffMsAgo < 35_000);
    assert.equal(doubt.pastHorizon, false);
  });

  it('judges the horizon by the hand-off, not by when the doubt began', async () => {
    await insertNotification(db.database, {
      sendStatus: 'IN_DOUBT',
      handedOffMsAgo: 60_100,
      inDoubtMsAgo: 2,
    });
    await insertNotification(db.database, {
      sendStatus: 'IN_DOUBT',
      handedOffMsAgo: 50_000,
      inDoubtMsAgo: 1,
    });
    assert.deepEqual(
      (await list()).map(({ pastHorizon }) => pastHorizon),
      [true, false],
    );
  });

  it('leaves out what is not in doubt, and whose lookup is not due', async () => {
    for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'DELIVERED', 'FAILED'] as const) {
      await insertNotification(db.database, { sendStatus });
    }
    await insertNotification(db.database, { sendStatus: 'IN_DOUBT', notBeforeInMs: 60_000 });
    assert.deepEqual(await list(), []);
  });

  it('leaves out the channels that are not to be asked', async () => {
    await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const limits = { horizonMs: 60_000, limit: 100 };
    assert.deepEqual(await listDueDoubts(db.database, { ...limits, asked: askedAt(['SMS']) }), []);
    assert.equal((await listDueDoubts(db.database, { ...limits, asked: askedAt(['EMAIL']) })).length, 1);
  });

  it('leaves out what another provider has to say', async () => {
    await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    await ask(db.database, `update bill_notification set provider = 'ses'`);
    const at = (provider: string, isOnly: boolean) =>
      listDueDoubts(db.database, {
        horizonMs: 60_000,
        limit: 100,
        asked: [{ channel: 'EMAIL', provider, isOnly }],
      });
    assert.deepEqual([(await at('ses', false)).length, (await at('postmark', true)).length], [1, 0]);
    const count = (provider: string) =>
      countDoubtsAt(db.database, [{ channel: 'EMAIL', provider, isOnly: true }]);
    assert.deepEqual([await count('ses'), await count('postmark')], [1, 0]);
    assert.equal(await countDoubtsAt(db.database, []), 0);
    await ask(db.database, 'update bill_notification set provider = null');
    assert.deepEqual([(await at('ses', false)).length, (await at('ses', true)).length], [0, 1]);
  });

  it('begins with the oldest doubt, at most the limit', async () => {
    const young = await insertNotification(db.database, { sendStatus: 'IN_DOUBT', inDoubtMsAgo: 1_000 });
    const old = await insertNotification(db.database, { sendStatus: 'IN_DOUBT', inDoubtMsAgo: 9_000 });
    assert.deepEqual(
      (await list()).map(({ claim }) => claim.billId),
      [old.billId, young.billId],
    );
    assert.equal(only(await list(1)).claim.billId, old.billId);
  });
});

describe('putting a lookup off', () => {
  it('changes when, and nothing else', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'IN_DOUBT', changedMsAgo: 60_000 });
    const before = await standingOf(db.database, claim.billId);
    await postponeLookups(db.database, [{ claim, delayMs: 20_000 }]);
    const row = await readNotification(db.database, claim.billId);
    assert.ok(row.notBeforeInMs !== null && row.notBeforeInMs > 15_000 && row.notBeforeInMs <= 20_000);
    assert.deepEqual(await standingOf(db.database, claim.billId), before);
    assert.deepEqual(await list(), []);
  });

  it('leaves alone what is in doubt by another token, or no longer', async () => {
    const other = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const settled = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await postponeLookups(db.database, [
      { claim: { ...other, token: newToken() }, delayMs: 20_000 },
      { claim: settled, delayMs: 20_000 },
    ]);
    assert.equal((await readNotification(db.database, other.billId)).notBeforeInMs, null);
    assert.equal((await readNotification(db.database, settled.billId)).notBeforeInMs, null);
  });
});
