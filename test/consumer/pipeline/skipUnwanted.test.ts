import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Channel } from '../../../src/channels.ts';
import { SuppressionBook } from '../../../src/consumer/pipeline/suppressionBook.ts';
import { storeReceipts } from '../../../src/db/storeReceipts.ts';
import { liftSuppressions, selectSuppressions } from '../../../src/db/suppressions.ts';
import { createAddressHasher } from '../../../src/policy/addressHasher.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import type { RenderedBill } from '../../../src/render/bill/renderedBill.ts';
import { ask } from '../../support/ask.ts';
import { recordStatements } from '../../support/countedStatements.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  memberIdOf,
  newToken,
  standingOf,
} from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createFakeRenderPool, createTestPipeline, renderedFor } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

type Bill = Awaited<ReturnType<typeof insertNotification>>;

/** Carries one bill, whose member has this address, through a new pipeline. */
async function carry(
  { billId }: Bill,
  {
    channel,
    to,
    answer,
    suppressionBook = new SuppressionBook(),
  }: { channel: Channel; to: string; answer: SendAnswer; suppressionBook?: SuppressionBook },
): Promise<string[]> {
  const asked: string[] = [];
  const rendered: RenderedBill = { ...renderedFor(channel), to } as RenderedBill;
  const pipeline = await createTestPipeline(db.database, {
    suppressionBook,
    renderPool: createFakeRenderPool(async (_channel, bills) => bills.map(() => rendered)),
    provider: createFakeProvider({
      send: async (message) => {
        asked.push(message.to);
        return answer;
      },
    }),
  });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await record.whenDone;
  await pipeline.stop();
  return asked;
}

const refused: SendAnswer = { kind: 'refused', reason: 'HTTP_422' };
const accepted: SendAnswer = { kind: 'accepted' };

/** As after a failure: the next cycle, or the one that a person starts. */
function startCycle(cycle: number, channel: Channel): Promise<unknown> {
  return ask(
    db.database,
    `update bill_notification set send_status = 'PENDING', channel = $1, cycle = $2, retransmit_at = null`,
    [channel, cycle],
  );
}

async function refusedBill(channel: Channel, to: string): Promise<Bill> {
  const bill = await insertNotification(db.database, { channel });
  assert.deepEqual(await carry(bill, { channel, to, answer: refused }), [to]);
  return bill;
}

describe('an address that was refused for good', () => {
  it('is in the journal as a hash, and nothing else of it', async () => {
    const { billId } = await refusedBill('EMAIL', 'hong@example.com');
    const [row] = await ask<[string]>(
      db.database,
      'select address_hash from delivery_attempt where bill_id = $1',
      [billId],
    );
    assert.match(row?.[0] ?? '', /^test:[\w-]{43}$/);
  });

  it('is not asked again in a later cycle: the e-mail turns to SMS', async () => {
    const bill = await refusedBill('EMAIL', 'hong@example.com');
    await startCycle(3, 'EMAIL');
    // With another member in the book, which must not hide the refusal.
    const suppressionBook = new SuppressionBook();
    suppressionBook.add('EMAIL', memberIdOf(8));
    const to = 'hong@example.com';
    const asked = await carry(bill, { channel: 'EMAIL', to, answer: accepted, suppressionBook });
    assert.deepEqual(asked, []);
    const { sendStatus, channel, cycle, reason } = await standingOf(db.database, bill.billId);
    assert.deepEqual([sendStatus, channel, cycle, reason], ['PENDING', 'SMS', 3, 'EMAIL_REFUSED']);
    const entry = (await journalOf(db.database, bill.billId)).at(-1);
    assert.deepEqual([entry?.outcome, entry?.reason, entry?.cycle], ['NOT_ASKED', 'EMAIL_REFUSED', 3]);
  });

  it('leaves the bill to a person when it was the last one: FAILED, no retransmission', async () => {
    const bill = await refusedBill('SMS', '01012345678');
    await startCycle(2, 'SMS');
    assert.deepEqual(await carry(bill, { channel: 'SMS', to: '01012345678', answer: accepted }), []);
    const { sendStatus, publishStatus, reason } = await standingOf(db.database, bill.billId);
    assert.deepEqual([sendStatus, publishStatus, reason], ['FAILED', 'PENDING', 'SMS_REFUSED']);
    const [row] = await ask(db.database, 'select retransmit_at from bill_notification');
    assert.deepEqual(row, [null]);
  });

  it('is asked by another channel that uses the same number', async () => {
    const to = '01012345678';
    const bill = await refusedBill('SMS', to);
    await ask(db.database, `update delivery_attempt set channel = 'ALIMTALK'`);
    await startCycle(2, 'SMS');
    assert.deepEqual(await carry(bill, { channel: 'SMS', to, answer: accepted }), [to]);
  });

  it('is asked again once it has changed', async () => {
    const bill = await refusedBill('EMAIL', 'hong@exampel.com');
    await startCycle(2, 'EMAIL');
    const asked = await carry(bill, { channel: 'EMAIL', to: 'hong@example.com', answer: accepted });
    assert.deepEqual(asked, ['hong@example.com']);
    assert.equal((await standingOf(db.database, bill.billId)).sendStatus, 'DELIVERED');
  });

  it('is remembered of both addresses that were refused', async () => {
    const bill = await refusedBill('EMAIL', 'a@example.com');
    await startCycle(2, 'EMAIL');
    await carry(bill, { channel: 'EMAIL', to: 'b@example.com', answer: refused });
    await startCycle(3, 'EMAIL');
    assert.deepEqual(await carry(bill, { channel: 'EMAIL', to: 'a@example.com', answer: accepted }), []);
  });

  for (const outcome of ['TURNED_BACK', 'ASKED_AGAIN']) {
    it(`is asked again if a person wants that: ${outcome}`, async () => {
      const bill = await refusedBill('EMAIL', 'hong@example.com');
      await startCycle(2, 'EMAIL');
      await ask(
        db.database,
        `insert into delivery_attempt
           (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
         values ($1, $2, $3, 2, 'EMAIL', true, 'person alice', now(), now())`,
        [bill.billId, newToken(), outcome],
      );
      const asked = await carry(bill, { channel: 'EMAIL', to: 'hong@example.com', answer: refused });
      assert.deepEqual(asked, ['hong@example.com']);
      await startCycle(3, 'EMAIL');
      const askedLater = await carry(bill, { channel: 'EMAIL', to: 'hong@example.com', answer: accepted });
      assert.deepEqual(askedLater, [], 'it was refused once more');
    });
  }

  it('says nothing about another bill, or the same text on another channel', async () => {
    await refusedBill('EMAIL', '01012345678');
    const other = await insertNotification(db.database, { cycle: 2, channel: 'SMS' });
    const asked = await carry(other, { channel: 'SMS', to: '01012345678', answer: accepted });
    assert.deepEqual(asked, ['01012345678']);
  });

  it('is looked up for no bill in its first cycle', async () => {
    const { billId } = await insertNotification(db.database);
    const { database, asked } = recordStatements(db.database);
    const pipeline = await createTestPipeline(database);
    const record = recordOf(billId);
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    await pipeline.stop();
    assert.equal(asked.has('select-unwanted-addresses'), false);
  });
});

describe('an address that came back, or whose member complained', () => {
  const hasher = createAddressHasher([{ keyId: 'test', key: Buffer.alloc(32, 1) }]);

  /** A receipt of last month's bill of the same member. */
  async function bounced(channel: Channel, to: string, kind: 'bounced_hard' | 'complained' = 'bounced_hard') {
    const { billId, memberId } = await insertNotification(db.database, { channel, sendStatus: 'DELIVERED' });
    const attempt = { billId, channel, cycle: 1 };
    const receipts = [{ attempt, kind, addressHash: hasher.hash(channel, to) }];
    await storeReceipts(db.database, receipts, { provider: 'http', cameBy: 'webhook' });
    const suppressionBook = new SuppressionBook();
    suppressionBook.add(channel, memberId);
    return { suppressionBook };
  }

  it('is not tried in the first cycle of another bill: the e-mail turns to SMS', async () => {
    for (const kind of ['bounced_hard', 'complained'] as const) {
      const { suppressionBook } = await bounced('EMAIL', 'Hong@example.com', kind);
      const bill = await insertNotification(db.database);
      const asked = await carry(bill, {
        channel: 'EMAIL',
        to: 'hong@example.com',
        answer: accepted,
        suppressionBook,
      });
      assert.deepEqual(asked, []);
      const { sendStatus, channel, cycle, reason } = await standingOf(db.database, bill.billId);
      assert.deepEqual([sendStatus, channel, cycle, reason], ['PENDING', 'SMS', 1, 'EMAIL_SUPPRESSED']);
      assert.equal((await journalOf(db.database, bill.billId)).at(-1)?.outcome, 'NOT_ASKED');
      await emptyTables(db.database);
    }
  });

  it('fails the bill on the last channel', async () => {
    const { suppressionBook } = await bounced('SMS', '+82 10-1234-5678');
    const bill = await insertNotification(db.database, { channel: 'SMS' });
    const asked = await carry(bill, { channel: 'SMS', to: '01012345678', answer: accepted, suppressionBook });
    assert.deepEqual(asked, []);
    const { sendStatus, reason } = await standingOf(db.database, bill.billId);
    assert.deepEqual([sendStatus, reason], ['FAILED', 'SMS_SUPPRESSED']);
  });

  it('is tried once it has changed, or a person wants that, until it comes back again', async () => {
    const { suppressionBook } = await bounced('EMAIL', 'hong@example.com');
    const other = { channel: 'EMAIL', to: 'new@example.com', answer: accepted, suppressionBook } as const;
    assert.equal((await carry(await insertNotification(db.database), other)).length, 1);
    const [entry] = await selectSuppressions(db.database, { limit: 10 });
    assert.equal(entry?.reason, 'bounced_hard');
    assert.equal(await liftSuppressions(db.database, [entry?.id ?? ''], 'person alice'), 1);
    assert.deepEqual(await selectSuppressions(db.database, { limit: 10 }), []);
    const same = { ...other, to: 'hong@example.com' };
    assert.equal((await carry(await insertNotification(db.database), same)).length, 1);
    await bounced('EMAIL', 'hong@example.com');
    assert.deepEqual(await carry(await insertNotification(db.database), same), []);
  });

  it('is looked up for nobody who is not in the book', async () => {
    const { suppressionBook } = await bounced('EMAIL', 'hong@example.com');
    const { billId } = await insertNotification(db.database, { memberId: memberIdOf(8) });
    const { database, asked } = recordStatements(db.database);
    const pipeline = await createTestPipeline(database, { suppressionBook });
    const record = recordOf(billId, { memberId: memberIdOf(8) });
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    await pipeline.stop();
    assert.equal(asked.has('select-unwanted-addresses'), false);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
  });
});
