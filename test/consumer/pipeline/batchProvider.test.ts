import assert from 'node:assert/strict';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { type BillId, idempotencyKeyOf } from '../../../src/bill.ts';
import { type Channel, type PerChannel, perChannel } from '../../../src/channels.ts';
import type { RenderPool } from '../../../src/pool/renderPool.ts';
import { emptyTables, insertNotification, journalOf, readNotification } from '../../support/notifications.ts';
import { allDone, recordOf } from '../../support/records.ts';
import { postmark } from '../../support/standIns/mailStandIns.ts';
import { type OpenedStandIn, openStandIn } from '../../support/standIns/openStandIn.ts';
import { solapi } from '../../support/standIns/textStandIns.ts';
import { createFakeRenderPool, createTestPipeline } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

let opened: PerChannel<OpenedStandIn>;

/** Until the end of the test. */
async function openStandIns(t: TestContext): Promise<void> {
  const [mails, texts] = [await openStandIn(postmark), await openStandIn(solapi)];
  opened = perChannel((channel) => (channel === 'EMAIL' ? mails : texts));
  t.after(() => Promise.all([mails, texts].map(({ provider }) => provider.stop())));
}

/** Every tenth address is bad, and half of the members share a phone number. */
function recipientOf({ standIn }: OpenedStandIn, billId: BillId): string {
  const number = Number(billId);
  if (standIn.channel === 'EMAIL') return number % 10 === 0 ? standIn.badTo : standIn.goodTo(number);
  return standIn.goodTo(number % 2);
}

const renderPool: RenderPool = {
  ...createFakeRenderPool(),
  render: async (_route, bills) =>
    bills.map(({ bill: { claim } }) => {
      const { encode } = opened[claim.channel];
      const to = recipientOf(opened[claim.channel], claim.billId);
      const text = `key=${idempotencyKeyOf(claim)}; 청구서`;
      const email = {
        kind: 'email',
        subject: 's',
        html: Buffer.from(text),
        text: Buffer.from(text),
      } as const;
      const message =
        claim.channel === 'EMAIL' ? { ...email, to } : ({ kind: 'text', to, text, bytes: 30 } as const);
      return { kind: 'encoded', to, body: encode(message, claim) };
    }),
};

async function run(channel: Channel, ids: readonly BillId[]): Promise<void> {
  const providers = perChannel((name) => opened[name].provider);
  const pipeline = await createTestPipeline(db.database, { providers, renderPool });
  const records = ids.map((billId) => recordOf(billId));
  pipeline.receive(channel, records);
  await allDone(records);
  await pipeline.stop();
}

async function insertBills(count: number): Promise<BillId[]> {
  const inserted: BillId[] = [];
  for (let bill = 0; bill < count; bill += 1) {
    inserted.push((await insertNotification(db.database)).billId);
  }
  return inserted;
}

function timesAccepted(billId: BillId): number {
  const keys = (['EMAIL', 'SMS'] as const).map((channel) => `${billId}:${channel}:1`);
  return keys.reduce(
    (sum, key, index) => sum + ((index === 0 ? opened.EMAIL : opened.SMS).running.accepted.get(key) ?? 0),
    0,
  );
}

describe('the pipeline with providers that take many bills per request', () => {
  it('settles each bill of a batch by its own outcome, from e-mail to SMS', async (t) => {
    await openStandIns(t);
    const ids = await insertBills(60);
    await run('EMAIL', ids);
    const rows = await Promise.all(ids.map((billId) => readNotification(db.database, billId)));
    const turned = ids.filter((_billId, index) => rows[index]?.channel === 'SMS');
    assert.deepEqual(
      turned,
      ids.filter((billId) => Number(billId) % 10 === 0),
      'each bad address, and no other',
    );
    assert.ok(opened.EMAIL.running.requests.length < 20, 'not one request per bill');
    await run('SMS', turned);
    for (const billId of ids) {
      assert.equal((await readNotification(db.database, billId)).sendStatus, 'DELIVERED');
      assert.equal(timesAccepted(billId), 1, billId);
    }
    const [billId = assert.fail()] = turned;
    const journal = await journalOf(db.database, billId);
    assert.ok(journal.some(({ providerId }) => providerId === `so-${billId}:SMS:1`));
  });

  it('leaves each bill of a batch in doubt if its outcome is, and turns none of them to SMS', async (t) => {
    await openStandIns(t);
    const ids = await insertBills(30);
    opened.EMAIL.running.plan(Array.from({ length: 30 }, () => 'cutAfter' as const));
    await run('EMAIL', ids);
    opened.EMAIL.running.plan([]);
    assert.ok(opened.EMAIL.running.requests.length > 0);
    for (const billId of ids) {
      const { sendStatus, channel } = await readNotification(db.database, billId);
      assert.deepEqual([sendStatus, channel], ['IN_DOUBT', 'EMAIL']);
      const wasAccepted = Number(billId) % 10 !== 0;
      assert.equal(timesAccepted(billId), wasAccepted ? 1 : 0);
      const answer = await opened.EMAIL.provider.lookup(`${billId}:EMAIL:1`);
      assert.equal(answer, wasAccepted ? 'accepted' : 'cannotTell');
    }
  });

  it('keeps all bills of a batch that was not taken, for later', async (t) => {
    await openStandIns(t);
    const ids = await insertBills(20);
    opened.EMAIL.running.plan(Array.from({ length: 20 }, () => 'tooMany' as const));
    await run('EMAIL', ids);
    opened.EMAIL.running.plan([]);
    for (const billId of ids) {
      const { sendStatus, channel } = await readNotification(db.database, billId);
      assert.deepEqual([sendStatus, channel, timesAccepted(billId)], ['PENDING', 'EMAIL', 0]);
    }
  });
});
