import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Channel } from '../../../src/channels.ts';
import { ask } from '../../support/ask.ts';
import { insertNotification, journalOf, readNotification, someMember } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { insertBill, insertMember } from '../../support/testBills.ts';
import { createFakeRenderPool, createTestPipeline, renderedFor } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const hour = 3_600_000;

/**
 * Carries one bill of a member who is not to be disturbed from 22:00 to 08:00, at this time in Seoul;
 * rendering and the wait for a slot take until `later`.
 */
async function carryAt(time: string, channel: Channel, later = time) {
  await ask(db.database, 'truncate member, bill');
  await insertMember(db.database);
  await ask(
    db.database,
    `update member set do_not_disturb_start = '22:00', do_not_disturb_end = '08:00' where id = $1`,
    [someMember],
  );
  const provider = createFakeProvider();
  let rendered = false;
  const now = async () => new Date(`2026-11-23T${rendered ? later : time}+09:00`);
  const renderPool = createFakeRenderPool(async (ofChannel, bills) => {
    rendered = true;
    return bills.map(() => renderedFor(ofChannel));
  });
  const pipeline = await createTestPipeline(db.database, {
    provider,
    now,
    renderPool,
    startDeadlineMs: 5_000,
  });
  const { billId } = await insertNotification(db.database, { channel });
  await insertBill(db.database, { billId });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await record.whenDone;
  await pipeline.stop();
  const row = await readNotification(db.database, billId);
  return { row, sent: provider.sent.length, journal: await journalOf(db.database, billId) };
}

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
    const { row, sent } = await carryAt('21:59:54', 'SMS');
    assert.deepEqual([row.sendStatus, sent], ['DELIVERED', 1]);
  });

  it('put an SMS back if they begin while it waits for a slot', async () => {
    const { row, sent } = await carryAt('21:59:54', 'SMS', '22:00:01');
    assert.deepEqual([row.sendStatus, row.reason, sent], ['PENDING', 'QUIET_HOURS', 0]);
  });

  it('put an SMS back if they could begin before its send has to', async () => {
    const { row, sent } = await carryAt('21:59:56', 'SMS');
    assert.deepEqual([row.sendStatus, sent], ['PENDING', 0]);
    const waitsMs = (row.notBeforeInMs ?? 0) + row.changedMsAgo;
    assert.ok(Math.abs(waitsMs - 10 * hour - 4_000) < 100, `waits ${waitsMs} ms, until they end`);
  });

  it('hold no e-mail', async () => {
    const { row, sent } = await carryAt('23:00:00', 'EMAIL');
    assert.deepEqual([row.sendStatus, sent], ['DELIVERED', 1]);
  });
});
