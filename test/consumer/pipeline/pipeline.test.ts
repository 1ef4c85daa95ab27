import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { type Channel, perChannel } from '../../../src/channels.ts';
import type { RenderPool } from '../../../src/pool/renderPool.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { ask } from '../../support/ask.ts';
import { createBrake, createOpenBrake, wordOf } from '../../support/brakeRows.ts';
import {
  batchTokens,
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  readNotification,
  statusOf,
} from '../../support/notifications.ts';
import { allDone, type FakeRecord, recordOf } from '../../support/records.ts';
import { insertBill, insertMember } from '../../support/testBills.ts';
import { createFakeRenderPool, createTestPipeline, renderedFor } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function insertBills(count: number, spec: NotificationSpec = {}): Promise<BillId[]> {
  const ids: BillId[] = [];
  for (let bill = 0; bill < count; bill++) ids.push((await insertNotification(db.database, spec)).billId);
  return ids;
}
async function insertRecords(count: number, spec: NotificationSpec = {}): Promise<FakeRecord[]> {
  return (await insertBills(count, spec)).map((billId) => recordOf(billId));
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A provider that answers when the test says so. */
function createSlowProvider(concurrency = Number.POSITIVE_INFINITY) {
  const open: { billId: BillId; answer: (answer: SendAnswer) => void }[] = [];
  let waiting: (() => void)[] = [];
  let mostAtOnce = 0;
  const provider = createFakeProvider({
    concurrency,
    send: (_message, { claim }) =>
      new Promise((answer) => {
        open.push({ billId: claim.billId, answer });
        mostAtOnce = Math.max(mostAtOnce, open.length);
        for (const found of waiting.splice(0)) found();
      }),
  });
  const untilOpen = async (count: number): Promise<void> => {
    while (open.length < count) await new Promise<void>((found) => waiting.push(found));
  };
  const answerAll = (answer: SendAnswer = { kind: 'accepted' }): void => {
    for (const one of open.splice(0)) one.answer(answer);
  };
  waiting = [];
  return { provider, untilOpen, answerAll, open: () => open.length, mostAtOnce: () => mostAtOnce };
}

describe('the pipeline', () => {
  it('carries a bill from its record to its settled row, and then lets its offset pass', async () => {
    const slow = createSlowProvider();
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider });
    const [billId] = await insertBills(1);
    assert.ok(billId);
    const record = recordOf(billId);
    pipeline.receive('EMAIL', [record]);
    await slow.untilOpen(1);
    assert.deepEqual([await statusOf(db.database, billId), record.doneTimes()], ['SENT', 0]);
    assert.equal(pipeline.inFlight('EMAIL'), 1);
    slow.answerAll({ kind: 'accepted', providerId: 'p-1' });
    const atDone = await record.whenDone.then(() => statusOf(db.database, billId));
    assert.equal(atDone, 'DELIVERED');
    await pipeline.stop();
    assert.deepEqual([record.doneTimes(), pipeline.inFlight('EMAIL')], [1, 0]);
    assert.equal((await journalOf(db.database, billId))[0]?.providerId, 'p-1');
    assert.deepEqual(await batchTokens(db.database), []);
  });

  it('hands the provider the message of its channel and the key of the attempt', async () => {
    const provider = createFakeProvider();
    const body = (channel: Channel) => Buffer.from(`the body of the ${channel}`);
    const renderPool = createFakeRenderPool(async (channel, texts) =>
      texts.map(() => ({ kind: 'encoded', to: `to ${channel}`, body: Uint8Array.from(body(channel)) })),
    );
    const pipeline = await createTestPipeline(db.database, { provider, renderPool });
    const email = await insertNotification(db.database, { cycle: 2 });
    const sms = await insertNotification(db.database, { channel: 'SMS' });
    const records = [recordOf(email.billId), recordOf(sms.billId)] as const;
    pipeline.receive('EMAIL', [records[0]]);
    pipeline.receive('SMS', [records[1]]);
    await allDone(records);
    await pipeline.stop();
    const sent = provider.sent.map(({ message: { to, body: given = [] }, options }) => {
      return [options.idempotencyKey, to, Buffer.from(given).toString()];
    });
    assert.deepEqual(
      sent.sort(),
      [
        [`${email.billId}:EMAIL:2`, 'to EMAIL', 'the body of the EMAIL'],
        [`${sms.billId}:SMS:1`, 'to SMS', 'the body of the SMS'],
      ].sort(),
    );
  });

  it('brings every bill of many to its one known state, each record done once', async () => {
    const answers: readonly SendAnswer[] = [
      { kind: 'accepted' },
      { kind: 'refused', reason: 'R' },
      { kind: 'notSent', reason: 'N' },
      { kind: 'unknown', reason: 'U' },
    ];
    const provider = createFakeProvider({
      concurrency: 100,
      send: async (_message, { claim }) => answers[Number(claim.billId) % 4] ?? { kind: 'accepted' },
    });
    const pipeline = await createTestPipeline(db.database, { provider });
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, publish_status)
       select id, 7, 'PUBLISHED' from generate_series(500001, 503000) id`,
    );
    const records = Array.from({ length: 3_000 }, (_, index) => recordOf(String(500_001 + index) as BillId));
    for (let first = 0; first < 3_000; first += 70) {
      pipeline.receive('EMAIL', records.slice(first, first + 70));
    }
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(new Set(records.map((record) => record.doneTimes())), new Set([1]));
    const states = await ask<[number, string, string, string, number]>(
      db.database,
      `select (bill_id % 4)::int, send_status, channel, publish_status, count(*)::int from bill_notification
       group by 1, 2, 3, 4 order by 1`,
    );
    assert.deepEqual(states, [
      [0, 'DELIVERED', 'EMAIL', 'PUBLISHED', 750],
      [1, 'PENDING', 'SMS', 'PENDING', 750],
      [2, 'PENDING', 'EMAIL', 'PENDING', 750],
      [3, 'IN_DOUBT', 'EMAIL', 'PUBLISHED', 750],
    ]);
    assert.deepEqual(await batchTokens(db.database), []);
    assert.deepEqual([pipeline.lanes.EMAIL.claimed.taken, pipeline.lanes.EMAIL.brake.gate.taken], [0, 0]);
  });

  it('sends a bill that came twice in one batch once, and lets both records pass', async () => {
    const provider = createFakeProvider();
    const pipeline = await createTestPipeline(db.database, { provider });
    const [billId] = await insertBills(1);
    assert.ok(billId);
    const records = [recordOf(billId), recordOf(billId), recordOf(billId)];
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.equal(provider.sent.length, 1);
    assert.equal(pipeline.inFlight('EMAIL'), 0);
  });

  it('does not send a bill that was taken back between its claim and its hand-off', async () => {
    const provider = createFakeProvider();
    const [stolen, kept] = await insertBills(2);
    assert.ok(stolen && kept);
    const renderPool = createFakeRenderPool(async (channel, bills) => {
      await ask(
        db.database,
        `update bill_notification set send_status = 'PENDING', claim_token = null where bill_id = $1`,
        [stolen],
      );
      return bills.map(() => renderedFor(channel));
    });
    const pipeline = await createTestPipeline(db.database, { provider, renderPool });
    const records = [recordOf(stolen), recordOf(kept)];
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual(
      provider.sent.map(({ options }) => options.claim.billId),
      [kept],
    );
    assert.deepEqual(
      [await statusOf(db.database, stolen), await statusOf(db.database, kept)],
      ['PENDING', 'DELIVERED'],
    );
    assert.deepEqual(await batchTokens(db.database), []);
    assert.deepEqual([pipeline.lanes.EMAIL.claimed.taken, pipeline.lanes.EMAIL.brake.gate.taken], [0, 0]);
  });

  it('ends with a fault that cannot be fixed here, and leaves the bills to the sweeper', async () => {
    const renderPool = createFakeRenderPool(() => Promise.reject(new Error('no threads left')));
    const pipeline = await createTestPipeline(db.database, { renderPool, expectFault: true });
    const [record] = await insertRecords(1);
    assert.ok(record);
    pipeline.receive('EMAIL', [record]);
    assert.match(String(await pipeline.fatal), /no threads left/);
    assert.equal(record.doneTimes(), 0);
    assert.equal((await batchTokens(db.database)).length, 1);
  });
});

describe('back-pressure', () => {
  it('stops fetching a channel at its room, and resumes at three quarters', async () => {
    const slow = createSlowProvider();
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider, maxInFlight: 32 });
    const records = await insertRecords(40);
    pipeline.receive('EMAIL', records);
    await slow.untilOpen(28);
    assert.equal(pipeline.inFlight('EMAIL'), 40);
    assert.equal(pipeline.flow.at(-1), 'pause EMAIL');
    assert.equal(pipeline.flow.includes('resume EMAIL'), false);
    slow.answerAll();
    await slow.untilOpen(12);
    slow.answerAll();
    await allDone(records);
    await pipeline.stop();
    assert.equal(pipeline.flow.at(-1), 'resume EMAIL');
    assert.equal(pipeline.flow.includes('pause SMS'), false);
  });

  it('stops fetching at its room of bytes too, and resumes when the records are claimed', async () => {
    const slow = createSlowProvider();
    const brakes = perChannel((channel) => createBrake({ channel }));
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider, brakes });
    const { roomBytes } = pipeline.channels.EMAIL.records;
    const lastFlow = () => pipeline.flow.filter((step) => step.endsWith('EMAIL')).at(-1);
    const bills = await Promise.all([1, 2, 3].map(() => insertNotification(db.database)));
    const records = bills.map(({ billId }) => recordOf(billId, { size: roomBytes / 2 }));
    pipeline.receive('EMAIL', records.slice(0, 1));
    await turn();
    assert.equal(lastFlow(), 'resume EMAIL');
    pipeline.receive('EMAIL', records.slice(1));
    await turn();
    assert.equal(lastFlow(), 'pause EMAIL');
    brakes.EMAIL.applyWord(wordOf());
    await slow.untilOpen(3);
    assert.equal(lastFlow(), 'resume EMAIL', 'three bills hold no bytes once they are claimed');
    slow.answerAll();
    await allDone(records);
    await pipeline.stop();
  });

  it('never has more claimed than the room, nor more sends than the provider takes', async () => {
    const slow = createSlowProvider(3);
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider });
    const records = await insertRecords(30);
    pipeline.receive('EMAIL', records);
    await slow.untilOpen(3);
    assert.equal(pipeline.lanes.EMAIL.claimed.taken, 6, 'two turns, until it is known how quick it is');
    for (let left = 30; left > 0; ) {
      await slow.untilOpen(1);
      assert.ok(pipeline.lanes.EMAIL.claimed.taken <= pipeline.lanes.EMAIL.mostClaimed);
      left -= slow.open();
      slow.answerAll();
    }
    await allDone(records);
    await pipeline.stop();
    assert.ok(slow.mostAtOnce() <= 3);
  });

  it('of one channel does not hold up the other one', async () => {
    const stuck = createSlowProvider();
    const pipeline = await createTestPipeline(db.database, {
      providers: { ...perChannel(() => createFakeProvider()), EMAIL: stuck.provider },
      maxInFlight: 16,
    });
    const emails = await insertRecords(14);
    const sms = await insertRecords(20, { channel: 'SMS' });
    pipeline.receive('EMAIL', emails);
    await stuck.untilOpen(14);
    pipeline.receive('SMS', sms);
    await allDone(sms);
    assert.deepEqual(new Set(emails.map((record) => record.doneTimes())), new Set([0]));
    stuck.answerAll();
    await pipeline.stop();
  });
});

describe('a bill that render threads die of', () => {
  it('holds up no other of its batch, and is sent if it can be rendered alone', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const renderPool: RenderPool = {
      ...createFakeRenderPool(async (channel, texts) =>
        texts.map((_, index) => (index === 1 ? { kind: 'suspect' } : renderedFor(channel))),
      ),
      renderSuspect: async () => {
        await mayGoOn;
        return renderedFor('EMAIL');
      },
    };
    const provider = createFakeProvider();
    const pipeline = await createTestPipeline(db.database, { provider, renderPool });
    const records = await insertRecords(3);
    pipeline.receive('EMAIL', records);
    await Promise.all([records[0]?.whenDone, records[2]?.whenDone]);
    assert.deepEqual(
      records.map((record) => record.doneTimes()),
      [1, 0, 1],
    );
    const stopped = pipeline.stop();
    goOn();
    await stopped;
    assert.equal(records[1]?.doneTimes(), 1);
    assert.equal(provider.sent.length, 3);
    assert.deepEqual([pipeline.lanes.EMAIL.claimed.taken, pipeline.lanes.EMAIL.brake.gate.taken], [0, 0]);
  });

  it('is FAILED if threads die of it alone too', async () => {
    const renderPool: RenderPool = {
      ...createFakeRenderPool(async (_channel, texts) => texts.map(() => ({ kind: 'suspect' }))),
      renderSuspect: async () => ({ kind: 'unpreparable', reason: 'RENDER_CRASHED', detail: 'it died' }),
    };
    const pipeline = await createTestPipeline(db.database, { renderPool });
    const [record] = await insertRecords(1);
    assert.ok(record?.event.kind === 'event');
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    await pipeline.stop();
    const { sendStatus, reason } = await readNotification(db.database, record.event.billId);
    assert.deepEqual([sendStatus, reason], ['FAILED', 'RENDER_CRASHED']);
  });
});

describe('bills of thousands of items', () => {
  it('are loaded and sent a few at a time, and all of them are', async () => {
    await insertMember(db.database);
    const records = await insertRecords(40);
    for (const record of records) {
      assert.ok(record.event.kind === 'event');
      await insertBill(db.database, { billId: record.event.billId });
    }
    await ask(
      db.database,
      `insert into bill_item (id, bill_id, category, name, amount)
       select row_number() over (), bill.id, 'SUBSCRIPTION', repeat('5G 프리미어 에센셜 ', 3) || n, 1000
       from bill, generate_series(1, 5000) n`,
    );
    let [held, most] = [0, 0];
    const renderPool = createFakeRenderPool(async (channel, texts) => {
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      held += bytes;
      most = Math.max(most, held);
      await turn();
      held -= bytes;
      return texts.map(() => renderedFor(channel));
    });
    const provider = createFakeProvider();
    const pipeline = await createTestPipeline(db.database, { provider, renderPool });
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.equal(provider.sent.length, 40);
    assert.ok(most > 500_000 && most <= 4_194_304, `${most} bytes of bills were held at once`);
  });

  it('have room for their messages at a provider that keeps them', async () => {
    const slow = createSlowProvider(100);
    const rendered = new EventEmitter();
    const renderPool = createFakeRenderPool(async (_channel, texts) => {
      setImmediate(() => rendered.emit('batch'));
      return texts.map(() => ({
        kind: 'encoded',
        to: 'a@b.kr',
        body: largeBody,
      }));
    });
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider, renderPool });
    const records = await insertRecords(2);
    pipeline.receive('EMAIL', records.slice(0, 1));
    await slow.untilOpen(1);
    const second = once(rendered, 'batch');
    pipeline.receive('EMAIL', records.slice(1));
    await second;
    const room = pipeline.lanes.EMAIL.messageRoom;
    assert.deepEqual([slow.open(), room?.taken], [1, largeBody.length], 'there is room for one of them');
    slow.answerAll();
    await slow.untilOpen(1);
    slow.answerAll();
    await allDone(records);
    await pipeline.stop();
    assert.deepEqual([room?.taken, slow.mostAtOnce()], [0, 1]);
  });
});

/** So large that no other body fits beside it. */
const largeBody = new Uint8Array(40 * 1024 * 1024);

describe('stopping', () => {
  it('finishes what is claimed, drops what is not, and takes nothing more', async () => {
    const slow = createSlowProvider();
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider, maxInFlight: 16 });
    const records = await insertRecords(20);
    pipeline.receive('EMAIL', records);
    await slow.untilOpen(14);
    let stopped = false;
    const stopping = pipeline.stop().then(() => {
      stopped = true;
    });
    const [late] = await insertRecords(1);
    assert.ok(late);
    pipeline.receive('EMAIL', [late]);
    assert.equal(stopped, false);
    slow.answerAll();
    await stopping;
    assert.equal(records.filter((record) => record.doneTimes() === 1).length, 14);
    assert.equal(late.doneTimes(), 0);
    assert.equal(pipeline.inFlight('EMAIL'), 0);
    const states = await ask(
      db.database,
      'select send_status, count(*)::int from bill_notification group by 1 order by 1',
    );
    assert.deepEqual(states, [
      ['DELIVERED', 14],
      ['PENDING', 7],
    ]);
    assert.deepEqual(await batchTokens(db.database), []);
  });

  it('with nothing in flight is done at once, also a second time', async () => {
    const pipeline = await createTestPipeline(db.database);
    await pipeline.stop();
    await pipeline.stop();
  });

  it('twice at once is complete for both', async () => {
    const slow = createSlowProvider();
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider });
    pipeline.receive('EMAIL', await insertRecords(1));
    await slow.untilOpen(1);
    const stopping = [pipeline.stop(), pipeline.stop()];
    slow.answerAll();
    await Promise.all(stopping);
  });
});

describe('what an answer leaves in the row', () => {
  const carryOne = async (
    send: () => Promise<SendAnswer>,
    options: { startDeadlineMs?: number; spec?: NotificationSpec } = {},
  ) => {
    const provider = createFakeProvider({
      send: (_message, { startDeadline }) =>
        startDeadline.passed() ? Promise.resolve({ kind: 'notSent', reason: 'START_DEADLINE' }) : send(),
    });
    const pipeline = await createTestPipeline(db.database, {
      ...(options.startDeadlineMs === undefined ? {} : { startDeadlineMs: options.startDeadlineMs }),
      provider,
    });
    const claim = await insertNotification(db.database, options.spec);
    const record = recordOf(claim.billId);
    pipeline.receive(claim.channel, [record]);
    await record.whenDone;
    await pipeline.stop();
    return readNotification(db.database, claim.billId);
  };
  const accept = (): Promise<SendAnswer> => Promise.resolve({ kind: 'accepted' });

  it('the start deadline is over: not sent, PENDING after the back-off', async () => {
    const row = await carryOne(accept, { startDeadlineMs: -1 });
    assert.deepEqual(
      [row.sendStatus, row.reason, row.publishStatus],
      ['PENDING', 'START_DEADLINE', 'PENDING'],
    );
    assert.ok(row.backOffMs !== null && row.backOffMs > 0 && row.backOffMs <= 1_000, `${row.backOffMs}`);
  });

  it('the provider throws: nobody knows, IN_DOUBT', async () => {
    const row = await carryOne(() => Promise.reject(new Error('a fault')));
    assert.deepEqual([row.sendStatus, row.reason], ['IN_DOUBT', 'PROVIDER_FAULT']);
  });

  it('the provider throws before it gives a promise: IN_DOUBT too, and the others of the batch are sent', async () => {
    const row = await carryOne(() => {
      throw new Error('a fault');
    });
    assert.deepEqual([row.sendStatus, row.reason], ['IN_DOUBT', 'PROVIDER_FAULT']);
  });

  it('SMS refused: FAILED, retransmitted later', async () => {
    const refuse = (): Promise<SendAnswer> => Promise.resolve({ kind: 'refused', reason: 'R' });
    const row = await carryOne(refuse, { spec: { channel: 'SMS', cycle: 2 } });
    assert.deepEqual([row.sendStatus, row.reason, row.publishStatus], ['FAILED', 'SMS_REFUSED', 'PENDING']);
    assert.ok((row.retransmitInMs ?? 0) > 1_190_000);
  });

  it('a late answer, when the sweeper has doubted and freed the bill: journal, never a state', async () => {
    const { billId } = await insertNotification(db.database);
    const provider = createFakeProvider({
      send: async () => {
        await ask(
          db.database,
          `update bill_notification set send_status = 'PENDING', claim_token = null where bill_id = $1`,
          [billId],
        );
        return { kind: 'accepted' };
      },
    });
    const pipeline = await createTestPipeline(db.database, { provider });
    const record = recordOf(billId);
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    await pipeline.stop();
    assert.equal(await statusOf(db.database, billId), 'PENDING');
    assert.equal((await journalOf(db.database, billId))[0]?.applied, false);
  });
});

describe('a channel that may not start', () => {
  it('claims nothing, and resumes when its brake says that there is room', async () => {
    const provider = createFakeProvider();
    const brake = createBrake();
    const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
    const pipeline = await createTestPipeline(db.database, { provider, brakes });
    const [record] = await insertRecords(1);
    assert.ok(record);
    pipeline.receive('EMAIL', [record]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([pipeline.inFlight('EMAIL'), pipeline.lanes.EMAIL.claimed.taken], [1, 0]);
    assert.equal(pipeline.hasWaiting('EMAIL'), true);
    brake.applyWord(wordOf());
    await record.whenDone;
    assert.equal(provider.sent.length, 1);
    await pipeline.stop();
  });

  it('sends fifty at first, and twice as many with each round of good answers', async () => {
    const slow = createSlowProvider();
    const brake = createBrake();
    const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
    const pipeline = await createTestPipeline(db.database, { provider: slow.provider, brakes });
    brake.applyWord(wordOf());
    const records = await insertRecords(400);
    pipeline.receive('EMAIL', records);
    for (const atOnce of [50, 100, 200]) {
      await slow.untilOpen(atOnce);
      assert.equal(slow.open(), atOnce);
      slow.answerAll();
    }
    await slow.untilOpen(50);
    slow.answerAll();
    await allDone(records);
    await pipeline.stop();
    assert.equal(slow.mostAtOnce(), 200);
  });
});

describe('a provider that is broken', () => {
  for (const [answer, kind] of [
    [{ kind: 'unknown', reason: 'HTTP_500', cause: 'HTTP 500: oops' }, 'unknown'],
    [{ kind: 'misconfigured', reason: 'HTTP_402', cause: 'HTTP 402: no credit' }, 'settings'],
    [
      { kind: 'notSent', reason: 'NO_CONNECTION', cause: 'ECONNREFUSED', trouble: 'unreachable' },
      'unreachable',
    ],
    [{ kind: 'refused', reason: 'HTTP_422', cause: 'HTTP 422: no' }, 'refusals'],
  ] as const) {
    it(`(${answer.cause}) gets fifty bills, and the others wait as they were`, async () => {
      const provider = createFakeProvider({ send: async () => answer });
      const brake = createBrake();
      const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
      const pipeline = await createTestPipeline(db.database, { provider, brakes });
      const records = await insertRecords(1_000);
      pipeline.receive('EMAIL', records);
      brake.applyWord(wordOf());
      await allDone(records.slice(0, 100));
      await pipeline.stop();
      assert.equal(brake.trip?.kind, kind);
      assert.match(brake.trip?.cause ?? '', new RegExp(answer.cause));
      assert.ok(provider.sent.length <= 50, `${provider.sent.length} sent`);
      const [journalled] = await ask<[number]>(db.database, 'select count(*)::int from delivery_attempt');
      assert.equal(journalled?.[0], provider.sent.length, 'a row for each real try');
      const untouched = await ask<[string, number, number]>(
        db.database,
        `select send_status, attempts, count(*)::int from bill_notification
         where channel = 'EMAIL' and reason is null group by 1, 2`,
      );
      assert.deepEqual(untouched, [['PENDING', 0, 1_000 - provider.sent.length]]);
    });
  }

  it('on trial gets one bill, the first that can be claimed, and reports its acceptance', async () => {
    const news = new EventEmitter();
    const provider = createFakeProvider();
    const brake = createBrake();
    brake.onNews(() => void news.emit('news'));
    const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
    const pipeline = await createTestPipeline(db.database, { provider, brakes });
    const delivered = await insertRecords(300, { sendStatus: 'DELIVERED' });
    const waiting = await insertRecords(2);
    pipeline.receive('EMAIL', [...delivered, ...waiting]);
    brake.applyWord(wordOf({ kind: 'unknown' }));
    const told = once(news, 'news');
    brake.grantTrial({ brake: 'EMAIL', expiresAtMs: Number.POSITIVE_INFINITY, intervalMs: 5_000 });
    await told;
    await allDone([...delivered, ...waiting.slice(0, 1)]);
    assert.equal(provider.sent.length, 1);
    assert.equal(brake.takeEndedTrial()?.result, 'accepted');
    await pipeline.stop();
  });
});

describe('e-mails without a usable address', () => {
  it('turn to SMS until they are too many; the others stay e-mails', async () => {
    const renderPool = createFakeRenderPool(async (_channel, bills) =>
      bills.map(() => ({ kind: 'unpreparable', reason: 'NO_CONTACT', detail: 'none' })),
    );
    const brake = createBrake();
    const brakes = { ...perChannel((channel) => createOpenBrake(channel)), EMAIL: brake };
    const pipeline = await createTestPipeline(db.database, { renderPool, brakes });
    brake.applyWord(wordOf());
    const records = await insertRecords(1_000);
    pipeline.receive('EMAIL', records);
    await allDone(records.slice(0, 100));
    await pipeline.stop();
    assert.deepEqual(brake.trip, {
      kind: 'smsTurns',
      cause: '50 of 50 bills turn to the next channel: no usable e-mail address',
    });
    assert.deepEqual(
      await ask(db.database, 'select channel, count(*)::int from bill_notification group by 1 order by 1'),
      [
        ['EMAIL', 950],
        ['SMS', 50],
      ],
    );
  });
});
