import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Channel } from '../../../src/bill.ts';
import { ask } from '../../support/ask.ts';
import { insertBill, insertMember } from '../../support/bills.ts';
import { insertNotification, journalOf, readNotification, someMember } from '../../support/notifications.ts';
import { createTestPipeline } from '../../support/pipeline.ts';
import { createFakeProvider } from '../../support/providers.ts';
import { recordOf } from '../../support/records.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const hour = 3_600_000;

/** Carries one bill of a member who is not to be disturbed from 22:00 to 08:00, at this time in Seoul. */
const carryAt = async (time: string, channel: Channel) => {
  await ask(db.database, 'truncate member, bill');
  await insertMember(db.database);
  await ask(
    db.database,
    `update member set do_not_disturb_start = '22:00', do_not_disturb_end = '08:00' where id = $1`,
    [someMember],
  );
  const provider = createFakeProvider();
  const now = () => new Date(`2026-11-23T${time}+09:00`);
  const pipeline = await createTestPipeline(db.database, { provider, now });
  const { billId } = await insertNotification(db.database, { channel });
  await insertBill(db.database, { billId });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await record.whenDone;
  await pipeline.stop();
  const row = await readNotification(db.database, billId);
  return { row, sent: provider.sent.length, journal: await journalOf(db.database, billId) };
};

describe('quiet hours', () => {
  it('put an SMS back until they end, and owe its event for then', async () => {
    const { row, sent, journal } = await carryAt('23:00:00', 'SMS');
    assert.deepEqual(
      [row.sendStatus, row.channel, row.publishStatus, sent],
      ['PENDING', 'SMS', 'PENDING', 0],
    );
    assert.deepEqual([row.reason, row.token, row.attempts], ['QUIET_HOURS', null, 0]);
    const waitsMs = row.notBeforeInMs ?? 0;
    assert.ok(waitsMs > 9 * hour - 60_000 && waitsMs <= 9 * hour, `waits ${waitsMs} ms`);
    assert.deepEqual([journal[0]?.outcome, journal[0]?.reason], ['QUIET', 'QUIET_HOURS']);
  });

  it('hold no SMS outside of them', async () => {
    const { row, sent } = await carryAt('21:59:00', 'SMS');
    assert.deepEqual([row.sendStatus, sent], ['DELIVERED', 1]);
  });

  it('hold no e-mail', async () => {
    const { row, sent } = await carryAt('23:00:00', 'EMAIL');
    assert.deepEqual([row.sendStatus, sent], ['DELIVERED', 1]);
  });
});
