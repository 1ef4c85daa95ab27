import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readStandings } from '../../../src/db/reads/selection.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { resendAs } from '../../../src/db/transitions/resendBills.ts';
import { only } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function move() {
  return resendAs(db.database, { first: 'EMAIL', actor: 'person alice', reason: 'address corrected' });
}
function resend(billIds: readonly Awaited<ReturnType<typeof insertNotification>>['billId'][]) {
  return moveSelected(db.database, { selection: { billIds }, move: move(), dryRun: false });
}

describe('a resend', () => {
  it('starts the next cycle by e-mail, due at once, with its event owed and no attempts', async () => {
    const { billId } = await insertNotification(db.database, {
      sendStatus: 'DELIVERED',
      channel: 'SMS',
      cycle: 2,
      attempts: 3,
      publishSeq: 5,
    });
    assert.equal((await resend([billId])).moved, 1);
    const row = await readNotification(db.database, billId);
    assert.deepEqual([row.sendStatus, row.channel, row.cycle, row.attempts], ['PENDING', 'EMAIL', 3, 0]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.token], ['PENDING', 6, null]);
    const [age] = await ask(db.database, 'select tried_ms from bill_notification');
    assert.deepEqual(age, [0]);
  });

  it('is journalled with who asked and why', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await resend([billId]);
    const { outcome, cycle, channel, actor, reason } = only(await journalOf(db.database, billId));
    assert.deepEqual([outcome, cycle, channel], ['RESENT', 2, 'EMAIL']);
    assert.deepEqual([actor, reason], ['person alice', 'address corrected']);
  });

  it('takes a bill that was DELIVERED when it came', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED', token: null });
    assert.equal((await resend([billId])).moved, 1);
  });

  for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'FAILED', 'CANCELLED'] as const) {
    it(`leaves ${sendStatus} alone`, async () => {
      const { billId } = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, billId);
      assert.deepEqual((await resend([billId])).left, { [sendStatus]: 1 });
      assert.deepEqual(await standingOf(db.database, billId), before);
    });
  }

  it('says nothing about a later delivery than the one that was seen', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const seen = only(await readStandings(db.database, [billId]));
    await ask(db.database, 'update bill_notification set claim_token = $1', [newToken()]);
    assert.deepEqual(await move().make([seen], newToken()), new Set());
    await ask(db.database, 'update bill_notification set claim_token = $1, cycle = 2', [seen.token]);
    assert.deepEqual(await move().make([seen], newToken()), new Set());
  });

  it('asked again after a lost answer says the same and journals once', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const seen = only(await readStandings(db.database, [billId]));
    const token = newToken();
    for (let asked = 0; asked < 2; asked++) {
      assert.deepEqual(await move().make([seen], token), new Set([billId]));
    }
    assert.equal((await standingOf(db.database, billId)).cycle, 2);
    assert.equal((await journalOf(db.database, billId)).length, 1);
  });
});
