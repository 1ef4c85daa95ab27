import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Database } from '../../../src/db/database.ts';
import { readHistory } from '../../../src/db/reads/billHistory.ts';
import { keepPoison } from '../../../src/db/transitions/poisonRecords.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import { claimAs, only } from '../../support/arrange.ts';
import { ask } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertDispatcher,
  insertNotification,
  newBillId,
  someMember,
} from '../../support/notifications.ts';
import { insertBill, insertMember } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function poison(key: string, offset: string) {
  return {
    topic: 'bill.email',
    partition: 1,
    offset,
    timestampMs: 1_000,
    reason: 'EVENT_NOT_JSON' as const,
    key: Buffer.from(key),
    value: Buffer.from('?'),
  };
}

describe('the history of a bill', () => {
  it('that nobody knows is empty', async () => {
    const history = await readHistory(db.database, newBillId());
    assert.deepEqual([history.bill, history.journal, history.poison], [null, [], []]);
    assert.equal(history.lastHeartbeatAt, null);
    assert.ok(history.now instanceof Date);
  });

  it('is that of one moment, though the bill moves while it is read', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'SENT' });
    let hasMoved = false;
    const moving: Database = {
      ...db.database,
      query: async (statement, values) => {
        if (statement.name === 'history-journal' && !hasMoved) {
          hasMoved = true;
          await ask(
            db.database,
            `with moved as (update bill_notification set send_status = 'DELIVERED', changed_at = now()
                            where bill_id = $1 returning claim_token)
             insert into delivery_attempt
               (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
             select $1, claim_token, 'ACCEPTED', 1, 'EMAIL', true, 'a', now(), now() from moved`,
            [billId],
          );
        }
        return db.database.query(statement, values);
      },
    };
    const { bill, journal } = await readHistory(moving, billId);
    assert.deepEqual([bill?.sendStatus, journal.map(({ outcome }) => outcome)], ['DELIVERED', ['ACCEPTED']]);
  });

  it('says where a new row stands, and its month', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    await insertBill(db.database, { billId, month: '2026-11-01' });
    const { bill } = await readHistory(db.database, billId);
    assert.ok(bill);
    const { changedAt, ...rest } = bill;
    assert.ok(changedAt instanceof Date);
    assert.deepEqual(rest, {
      channel: 'EMAIL',
      passed: null,
      sendStatus: 'PENDING',
      publishStatus: 'HELD',
      cycle: 1,
      attempts: 0,
      notBefore: null,
      publishedAt: null,
      handedOffAt: null,
      inDoubtAt: null,
      retransmitAt: null,
      reason: null,
      claimed: false,
      month: '2026-11',
      batch: null,
      run: null,
      provider: null,
    });
  });

  it('says which dispatcher holds it, since when, and whether it lives', async () => {
    const owner = await insertDispatcher(db.database, { name: 'host:9', silentMs: 60_000 });
    const { billId } = await insertNotification(db.database);
    await claimAs(db.database, [billId], { owner });
    const history = await readHistory(db.database, billId);
    const { batch } = history.bill ?? {};
    assert.equal(batch?.dispatcher?.name, 'host:9');
    assert.ok(history.now.getTime() - (batch?.dispatcher?.heartbeatAt.getTime() ?? 0) >= 60_000);
    assert.deepEqual(history.lastHeartbeatAt, batch?.dispatcher?.heartbeatAt);
  });

  it('shows a batch whose dispatcher has left', async () => {
    const { billId } = await insertNotification(db.database);
    await claimAs(db.database, [billId]);
    const { bill } = await readHistory(db.database, billId);
    assert.ok(bill?.batch);
    assert.equal(bill.batch.dispatcher, null);
  });

  it('lists the journal, oldest first, also what changed nothing', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT' });
    const settlements = [{ claim, elapsedMs: 5, next: 'SMS' as const, reason: 'EMAIL_REFUSED' }];
    await settle(db.database, 'refusedToNext', { settlements, actor: 'dispatcher host:1' });
    await settle(db.database, 'accepted', {
      settlements: [{ claim, elapsedMs: 9, next: 'SMS' as const, providerId: 'id-1' }],
      actor: 'dispatcher host:1',
    });
    const { journal } = await readHistory(db.database, claim.billId);
    assert.deepEqual(
      journal.map(({ outcome, applied, providerId }) => [outcome, applied, providerId]),
      [
        ['REFUSED', true, null],
        ['ACCEPTED', false, 'id-1'],
      ],
    );
    assert.ok(journal.every(({ startedAt, finishedAt }) => startedAt < finishedAt));
  });

  it('lists the records with its key that could not be used, and no others', async () => {
    const billId = billIdOf('9223372036854775807');
    await keepPoison(db.database, [poison(billId, '5'), poison('922337203685477580', '6')]);
    const { poison: found } = await readHistory(db.database, billId);
    const { receivedAt, ...record } = only(found);
    assert.ok(receivedAt instanceof Date);
    assert.deepEqual(record, {
      topic: 'bill.email',
      partition: 1,
      offset: '5',
      reason: 'EVENT_NOT_JSON',
      publishedAt: null,
    });
  });

  it('holds nothing of the member', async () => {
    await insertMember(db.database);
    const { billId } = await insertNotification(db.database, { memberId: someMember });
    await insertBill(db.database, { billId });
    assert.doesNotMatch(JSON.stringify(await readHistory(db.database, billId)), /sealed|member/i);
  });
});
