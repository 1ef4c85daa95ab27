import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { findAcceptedAttempts } from '../../../src/db/reads/acceptedAttempts.ts';
import { findRecordedBounces } from '../../../src/db/reads/recordedBounces.ts';
import { readStandings } from '../../../src/db/reads/selection.ts';
import { type BounceEvidence, bounceAs } from '../../../src/db/transitions/bounceBills.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { only } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newBillId,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function bounce(billId: BillId, ...reports: BounceEvidence[]) {
  const evidence = new Map([[billId, reports]]);
  const accepted = await findAcceptedAttempts(db.database, evidence);
  const move = bounceAs(db.database, { evidence, accepted, ladder: standardLadder, actor: 'person alice' });
  return moveSelected(db.database, { selection: { billIds: [billId] }, move, dryRun: false });
}

/** Accepted by e-mail, under an id of the provider's. */
async function insertAccepted(spec: NotificationSpec = {}) {
  const claim = await insertNotification(db.database, { sendStatus: 'SENT', ...spec });
  const settlements = [{ claim, elapsedMs: 1, providerId: `id-${claim.billId}` }];
  await settle(db.database, 'accepted', { settlements, actor: 'a' });
  return claim;
}

describe('a bounce', () => {
  it('turns the bill to SMS in the same cycle, due at once, with its event owed', async () => {
    const { billId } = await insertAccepted({ cycle: 2, attempts: 2, publishSeq: 5 });
    await ask(db.database, `update bill_notification set tried_ms = 9e9`);
    assert.equal((await bounce(billId, {})).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'SMS', 2, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.token], ['PENDING', 6, null]);
    assert.equal(row.reason, 'EMAIL_BOUNCED');
    const [age] = await ask(db.database, 'select tried_ms from bill_notification');
    assert.deepEqual(age, [0], 'an SMS of days later is not given up at its first 429');
  });

  it('is on record with its evidence, and found there', async () => {
    const { billId } = await insertAccepted();
    await bounce(billId, { providerId: `id-${billId}`, reason: '550 no such user' });
    const [, entry] = await journalOf(db.database, billId);
    assert.deepEqual([entry?.outcome, entry?.channel, entry?.cycle], ['BOUNCED', 'EMAIL', 1]);
    assert.deepEqual([entry?.providerId, entry?.reason], [`id-${billId}`, '550 no such user']);
    assert.equal(entry?.actor, 'person alice');
    assert.deepEqual(await findRecordedBounces(db.database, [billId]), new Set([`${billId}:EMAIL:1`]));
  });

  it('is believed if its key or id is that of the attempt, by whichever of several reports', async () => {
    for (const reportsOf of [
      (billId: BillId) => [{ key: `${billId}:EMAIL:1` }],
      (billId: BillId) => [{ providerId: `id-${billId}` }],
      (billId: BillId) => [
        { key: `${billId}:EMAIL:9` },
        { providerId: 'other' },
        { key: `${billId}:EMAIL:1` },
      ],
    ]) {
      const { billId } = await insertAccepted();
      assert.equal((await bounce(billId, ...reportsOf(billId))).moved, 1);
    }
  });

  for (const reportOf of [
    (billId: BillId) => ({ key: `${billId}:EMAIL:2` }),
    (billId: BillId) => ({ key: `${billId}:SMS:1` }),
    () => ({ key: '1:EMAIL:1' }),
    () => ({ providerId: 'id-of-another' }),
  ]) {
    it(`of another attempt changes nothing: ${reportOf}`, async () => {
      const { billId } = await insertAccepted();
      const { moved, because } = await bounce(billId, reportOf(billId));
      assert.deepEqual([moved, because], [0, { otherAttempt: 1 }]);
      assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
    });
  }

  it('of a provider id that another cycle was accepted under changes nothing', async () => {
    const { billId } = await insertAccepted();
    await ask(db.database, 'update bill_notification set claim_token = $1, cycle = 2', [newToken()]);
    assert.deepEqual((await bounce(billId, { providerId: `id-${billId}` })).because, { otherAttempt: 1 });
  });

  const left: readonly [NotificationSpec, string][] = [
    [{ sendStatus: 'PENDING' }, 'notDelivered'],
    [{ sendStatus: 'SENT' }, 'notDelivered'],
    [{ sendStatus: 'IN_DOUBT' }, 'notDelivered'],
    [{ sendStatus: 'FAILED' }, 'notDelivered'],
    [{ sendStatus: 'DELIVERED', channel: 'SMS' }, 'deliveredBySms'],
    [{ sendStatus: 'DELIVERED', token: null }, 'notSentByBillcast'],
  ];
  for (const [spec, why] of left) {
    it(`of ${JSON.stringify(spec)} is counted: ${why}`, async () => {
      const { billId } = await insertNotification(db.database, spec);
      const before = await standingOf(db.database, billId);
      const { moved, because } = await bounce(billId, {});
      assert.deepEqual([moved, because], [0, { [why]: 1 }]);
      assert.deepEqual(await standingOf(db.database, billId), before);
    });
  }

  it('of an unknown bill is counted', async () => {
    assert.equal((await bounce(newBillId(), {})).notFound, 1);
  });

  it('says nothing about a later delivery than the one that was seen', async () => {
    const { billId } = await insertAccepted();
    const seen = only(await readStandings(db.database, [billId]));
    await ask(db.database, 'update bill_notification set claim_token = $1', [newToken()]);
    const move = bounceAs(db.database, {
      evidence: new Map([[billId, [{}]]]),
      accepted: new Set(),
      ladder: standardLadder,
      actor: 'a',
    });
    assert.deepEqual(await move.make([seen], newToken()), new Set());
  });
});
