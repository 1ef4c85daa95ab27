import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { numberOutcomes } from '../../../src/db/outcomes/numberOutcomes.ts';
import { purgeOutcomes } from '../../../src/db/outcomes/purgeOutcomes.ts';
import { readOutcomes } from '../../../src/db/outcomes/readOutcomes.ts';
import { listWebhookEndpoints } from '../../../src/db/outcomes/webhookEndpoints.ts';
import { storeReceipts } from '../../../src/db/storeReceipts.ts';
import { moveByReceipts } from '../../../src/db/transitions/receiptMoves.ts';
import { settle } from '../../../src/db/transitions/settleBills.ts';
import type { Outgoing } from '../../../src/kafka/outgoing.ts';
import { partitionOfKey } from '../../../src/kafka/partitionOfKey.ts';
import type { Publisher } from '../../../src/kafka/publisher.ts';
import { readFeed } from '../../../src/operations/outcomes/readFeed.ts';
import { switchOutcomes } from '../../../src/operations/outcomes/switchOutcomes.ts';
import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  removeWebhook,
  replayOutcomes,
  rotateWebhook,
} from '../../../src/operations/outcomes/webhooks.ts';
import { OutcomePages } from '../../../src/relay/outcomes/outcomePages.ts';
import { deliverNext } from '../../../src/webhooks/deliverNext.ts';
import { createWebhookPoster } from '../../../src/webhooks/postWebhook.ts';
import { createWebhookSender } from '../../../src/webhooks/webhookSender.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../../support/ask.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { bodyOf, serveHttp } from '../../support/httpServer.ts';
import { emptyTables, insertNotification, newBillId, newDispatcherId } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

beforeEach(async () => {
  await emptyTables(db.database);
  await ask(
    db.database,
    'truncate owed_outcome, outcome_feed, outcome_cursor, webhook_endpoint, webhook_setting, outcome_switch',
  );
  await ask(db.database, 'update outcome_counter set number = 0');
  await switchOutcomes(db, { on: true, actor: 'person test' });
});

const actor = 'dispatcher host:1';
type Bill = Awaited<ReturnType<typeof insertNotification>>;

function accept(claims: readonly Bill[]) {
  const settlements = claims.map((claim) => ({ claim, elapsedMs: 5, providerId: `id-${claim.billId}` }));
  return settle(db.database, 'accepted', { settlements, actor });
}

function refuse(claim: Bill) {
  const settlements = [{ claim, elapsedMs: 5, next: 'SMS' as const, reason: 'EMAIL_REFUSED' }];
  return settle(db.database, 'refusedToNext', { settlements, actor });
}

function sent(count: number): Promise<Bill[]> {
  return Promise.all(
    Array.from({ length: count }, () => insertNotification(db.database, { sendStatus: 'SENT' })),
  );
}

async function accepted(count: number): Promise<Bill[]> {
  const bills = await sent(count);
  await accept(bills);
  await numberOutcomes(db.database, 1_000);
  return bills;
}

function all() {
  return readOutcomes(db.database, { after: 0, limit: 1_000 });
}

describe('an outcome', () => {
  it('says what became of a bill, by whom, and what it changed', async () => {
    const [first, second] = await sent(2);
    assert.ok(first && second);
    await ask(db.database, `update bill_notification set provider = 'ses', run = 0`);
    await accept([first]);
    await refuse(second);
    await refuse(second);
    await accept([second]);
    await numberOutcomes(db.database, 1_000);
    const found = (await all()).map(({ at, ...outcome }) => {
      assert.ok(at instanceof Date);
      return outcome;
    });
    const common = { memberId: '7', run: null, cycle: 1, channel: 'EMAIL', step: 0, by: 'dispatcher' };
    const ofSecond = { ...common, billId: second.billId };
    assert.deepEqual(found, [
      {
        ...common,
        number: 1,
        billId: first.billId,
        outcome: 'ACCEPTED',
        applied: true,
        state: 'DELIVERED',
        reason: null,
        provider: 'ses',
        providerId: `id-${first.billId}`,
      },
      {
        ...ofSecond,
        number: 2,
        outcome: 'REFUSED',
        applied: true,
        state: 'PENDING',
        reason: 'EMAIL_REFUSED',
        provider: 'ses',
        providerId: null,
      },
      // Late: the row had gone on to the next channel. The refusal that was asked again is no second outcome.
      {
        ...ofSecond,
        number: 3,
        outcome: 'ACCEPTED',
        applied: false,
        state: null,
        reason: null,
        provider: null,
        providerId: `id-${second.billId}`,
      },
    ]);
  });

  it('is owed only while outcomes are on', async () => {
    await switchOutcomes(db, { on: false, actor: 'person test' });
    await accept(await sent(3));
    assert.deepEqual(await numberOutcomes(db.database, 1_000), { numbered: 0, last: 0, isOn: false });
    await switchOutcomes(db, { on: true, actor: 'person test' });
    await accept(await sent(2));
    assert.equal((await numberOutcomes(db.database, 1_000)).last, 2);
  });

  it('gets its number after its commit, and after the earlier one of its bill', async () => {
    const [early, late] = await sent(2);
    assert.ok(early && late);
    let second: Promise<unknown> = Promise.resolve();
    await inTransaction(db.database, async (connection) => {
      // It has its place in the order already, and is not committed.
      await connection.run(
        `with journalled as (
           insert into delivery_attempt select $1, $2, 'UNKNOWN', 1, 'EMAIL', true, null, null, 'sweeper x', now(), now()
         ), moved as (
           update bill_notification set send_status = 'IN_DOUBT', in_doubt_at = now() where bill_id = $1
         )
         insert into owed_outcome (outcome, state, bill_ids, tokens)
         values ('UNKNOWN', 'IN_DOUBT', array[$1::bigint], array[$2::uuid])`,
        [early.billId, early.token],
      );
      await accept([late]);
      second = accept([early]);
      await untilWaiting(db.database);
      assert.equal((await numberOutcomes(db.database, 1_000)).last, 1, 'only what is committed');
    });
    await second;
    assert.equal((await numberOutcomes(db.database, 1_000)).last, 3);
    const found = (await all()).map(({ billId, outcome }) => [billId, outcome]);
    assert.deepEqual(found, [
      [late.billId, 'ACCEPTED'],
      [early.billId, 'UNKNOWN'],
      [early.billId, 'ACCEPTED'],
    ]);
  });

  it('gets one number, if two writers number at once', async () => {
    for (const bill of await sent(40)) await accept([bill]);
    const rounds = await Promise.all(Array.from({ length: 8 }, () => numberOutcomes(db.database, 10)));
    assert.equal(
      rounds.reduce((sum, { numbered }) => sum + numbered, 0),
      Math.max(...rounds.map(({ last }) => last)),
    );
    await numberOutcomes(db.database, 1_000);
    assert.deepEqual(
      (await all()).map(({ number }) => number),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });

  it('is a receipt too, once, before what the bill became by it', async () => {
    const bill = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const { billId, cycle, channel } = bill;
    const receipt = {
      attempt: { billId, cycle, channel },
      kind: 'delivered',
      providerId: 'm-1',
      code: '250',
    } as const;
    const unknown = { ...receipt, attempt: { billId: newBillId(), cycle, channel } };
    for (let times = 0; times < 2; times++) {
      await storeReceipts(db.database, [receipt, unknown], { provider: 'ses', cameBy: 'webhook' });
    }
    const word = {
      ...bill,
      kind: 'delivered',
      seenToken: bill.token,
      seenStatus: 'IN_DOUBT',
      seenStep: 0,
    } as const;
    await moveByReceipts(db.database, 'receiptAccepts', { words: [word], actor: 'sweeper host:1' });
    await numberOutcomes(db.database, 1_000);
    const told = (await all()).map(({ outcome, applied, state, reason, by }) => [
      outcome,
      applied,
      state,
      reason,
      by,
    ]);
    assert.deepEqual(told, [
      ['RECEIPT_DELIVERED', false, null, '250', 'receipt'],
      ['ACCEPTED', true, 'DELIVERED', 'RECEIPT delivered 250 by ses', 'sweeper'],
    ]);
  });

  it('that a person has made does not have the words of the person', async () => {
    const bill = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    await ask(
      db.database,
      `insert into bill_receipt (bill_id, cycle, channel, kind, provider, came_by)
      values ($1, 1, 'EMAIL', 'delivered', 'ses', 'webhook')`,
      [bill.billId],
    );
    const word = {
      ...bill,
      kind: 'delivered',
      seenToken: bill.token,
      seenStatus: 'IN_DOUBT',
      seenStep: 0,
    } as const;
    await moveByReceipts(db.database, 'receiptAccepts', { words: [word], actor: 'person Kim' });
    await numberOutcomes(db.database, 1_000);
    const [outcome] = await all();
    assert.deepEqual([outcome?.outcome, outcome?.by, outcome?.reason], ['ACCEPTED', 'person', null]);
  });
});

/** Two partitions; those in `broken` do not take anything. */
function createFakeTopic() {
  const records: Outgoing[][] = [[], []];
  const broken = new Set<number>();
  const publisher: Publisher = {
    partitionsOf: async () => records.map((_, partition) => ({ partition, hasLeader: true })),
    async publishTo({ partition }, part) {
      if (broken.has(partition)) throw Object.assign(new Error('away'), { type: 'NOT_ENOUGH_REPLICAS' });
      records[partition]?.push(...part);
    },
    publish: () => Promise.reject(new Error('not used')),
    stop: () => Promise.resolve(),
  };
  return { records, broken, publisher };
}

async function openPublisher(publisher: Publisher) {
  const owner = newDispatcherId();
  const lease = { name: 'outcomes', owner };
  await ask(
    db.database,
    `insert into lease values ('outcomes', $1, now() + interval '1 hour')
    on conflict (name) do update set owner = excluded.owner`,
    [owner],
  );
  return new OutcomePages({
    database: db.database,
    publisher,
    topic: 'results',
    lease,
    log: silentLog,
  });
}

function numbersIn(records: readonly Outgoing[]): number[] {
  return records.map(({ headers }) => Number(headers?.number));
}

describe('the topic of outcomes', () => {
  it('gets each by its bill, in order; one that was not marked comes again with its number', async () => {
    const bills = await accepted(20);
    const { records, publisher } = createFakeTopic();
    await (await openPublisher(publisher)).publishPage(20);
    assert.deepEqual(
      numbersIn(records.flat()).toSorted((a, b) => a - b),
      bills.map((_, index) => index + 1),
    );
    for (const [partition, ofPartition] of records.entries()) {
      assert.ok(ofPartition.every(({ key }) => partitionOfKey(String(key), 2) === partition));
      assert.deepEqual(
        numbersIn(ofPartition),
        numbersIn(ofPartition).toSorted((a, b) => a - b),
      );
    }
    const first = JSON.parse(String(records[0]?.[0]?.value));
    await ask(db.database, 'update outcome_cursor set number = 0');
    records[0]?.splice(0);
    await (await openPublisher(publisher)).publishPage(20);
    assert.deepEqual(JSON.parse(String(records[0]?.[0]?.value)), first);
  });

  it('has partitions that do not wait for one that cannot be written, and loses nothing of that one', async () => {
    await accepted(20);
    const { records, broken, publisher } = createFakeTopic();
    const pages = await openPublisher(publisher);
    broken.add(1);
    await pages.publishPage(20);
    await accepted(20);
    await pages.publishPage(40);
    const [whole] = records;
    assert.equal(new Set(numbersIn(whole ?? [])).size, whole?.length);
    assert.deepEqual(records[1], []);
    // The next process begins at the cursor of each partition.
    broken.clear();
    await (await openPublisher(publisher)).publishPage(40);
    assert.deepEqual(
      numbersIn(records.flat()).toSorted((a, b) => a - b),
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    assert.equal(await askValue(db.database, 'select min(number)::int from outcome_cursor'), 40);
  });

  it('begins again with the lowest cursor when it gets more partitions', async () => {
    await accepted(20);
    const { records, broken, publisher } = createFakeTopic();
    broken.add(0);
    await (await openPublisher(publisher)).publishPage(20);
    broken.clear();
    records.push([]);
    await (await openPublisher(publisher)).publishPage(20);
    assert.equal(new Set(numbersIn(records.flat())).size, 20);
  });
});

describe('the feed of outcomes', () => {
  it('is read by numbers, and says what is not kept any more', async () => {
    await accepted(5);
    const page = await readFeed(db, { after: 2, limit: 2 });
    assert.ok(page.kind === 'page');
    assert.deepEqual([page.items.map(({ number }) => number), page.next, page.last], [[3, 4], 4, 5]);
    await ask(db.database, `update outcome_feed set at = now() - interval '40 days' where number <> 3`);
    assert.equal(await purgeOutcomes(db.database, { days: 30, limit: 10 }), 0, 'the topic has not got them');
    await ask(db.database, 'insert into outcome_cursor values (0, 5)');
    assert.equal(await purgeOutcomes(db.database, { days: 30, limit: 10 }), 2);
    assert.deepEqual(await readFeed(db, { after: 1, limit: 2 }), { kind: 'gone', firstKept: 3 });
    const begun = await readFeed(db, { after: 0, limit: 1 });
    assert.equal(begun.kind === 'page' && begun.next, 3);
  });

  it('waits for the next one', async () => {
    const waiting = readFeed(db, { after: 0, limit: 10, waitMs: 10_000 });
    await accepted(1);
    const page = await waiting;
    assert.equal(page.kind === 'page' && page.items.length, 1);
  });

  it('is served, and a number that is not kept is a problem that says from where to go on', async () => {
    await accepted(3);
    await ask(db.database, 'delete from outcome_feed where number < 3');
    const api = await createTestApi({ database: db.database });
    const get = (url: string) => api.inject({ url, headers: bearer('auditor') });
    const page = await get('/api/v1/outcomes?after=2');
    assert.equal(page.json().items[0].state, 'DELIVERED');
    const gone = await get('/api/v1/outcomes?after=1');
    assert.deepEqual([gone.statusCode, gone.json().code], [410, 'OUTCOMES_GONE']);
    assert.match(gone.json().detail, /first number that is kept is 3/);
    assert.equal((await get('/api/v1/outcomes/switch')).json().on, true);
    await api.close();
  });
});

const key = Buffer.alloc(32, 9).toString('base64');
const config = loadConfig({ WEBHOOK_KEY: key, WEBHOOK_INSIDE_HOSTS: '127.0.0.1' });

/** An endpoint that answers as it is told, and what it has taken. */
async function openEndpoint() {
  const taken: number[] = [];
  const messages: { id: string; body: string; headers: Record<string, string> }[] = [];
  let status = 200;
  const server = await serveHttp(async (request, response) => {
    const body = await bodyOf(request);
    messages.push({
      id: String(request.headers['webhook-id']),
      body,
      headers: request.headers as Record<string, string>,
    });
    const outcomes: readonly { readonly number: number }[] = JSON.parse(body).data.outcomes;
    if (status === 200) taken.push(...outcomes.map(({ number }) => number));
    response.writeHead(status).end();
  });
  return {
    url: `http://127.0.0.1:${server.port}/hooks`,
    taken,
    messages,
    answer(next: number): void {
      status = next;
    },
  };
}

function openSender() {
  return createWebhookSender({
    database: db.database,
    poster: createWebhookPoster(config.webhooks),
    key,
    owner: newDispatcherId(),
    leaseMs: 10_000,
    log: silentLog,
  });
}

async function untilEndpoint(
  id: string,
  isTrue: (endpoint: Awaited<ReturnType<typeof listWebhookEndpoints>>[number]) => boolean,
) {
  for (;;) {
    const endpoint = (await listWebhookEndpoints(db.database)).find((one) => one.id === id);
    if (endpoint !== undefined && isTrue(endpoint)) return endpoint;
  }
}

describe('a webhook', () => {
  it('gets all outcomes in order, signed, while another one fails; and a range again', async () => {
    const [good, bad] = [await openEndpoint(), await openEndpoint()];
    bad.answer(500);
    const deps = { database: db.database, config };
    const { secret } = await addWebhook(deps, { id: 'good', url: good.url, actor: 'person test' });
    await addWebhook(deps, { id: 'bad', url: bad.url, actor: 'person test' });
    await accepted(250);
    const sender = openSender();
    sender.start();
    await untilEndpoint('good', ({ through }) => through === 250);
    const failing = await untilEndpoint('bad', ({ failures }) => failures === 1);
    assert.deepEqual(
      good.taken,
      Array.from({ length: 250 }, (_, index) => index + 1),
    );
    assert.deepEqual([failing.through, failing.lastAnswer], [0, 'HTTP 500']);
    for (const { body, headers } of good.messages) new Webhook(secret).verify(body, headers);
    // What failed is the same message when it is sent again, although there are more outcomes now.
    bad.answer(200);
    await accepted(10);
    await enableWebhook(deps, 'bad');
    await untilEndpoint('bad', ({ through }) => through === 260);
    assert.deepEqual(
      bad.messages.slice(0, 2).map(({ id }) => id),
      ['outcomes_1_100', 'outcomes_1_100'],
    );
    good.taken.splice(0);
    await replayOutcomes(deps, { id: 'good', from: 3, to: 5 });
    await untilEndpoint('good', ({ replay }) => replay === null);
    await untilEndpoint('good', ({ through }) => through === 260);
    assert.deepEqual(
      good.taken.filter((number) => number < 250),
      [3, 4, 5],
    );
    await sender.stop();
  });

  it('gets what it wants only, signed with both secrets while one is changed', async () => {
    const endpoint = await openEndpoint();
    const deps = { database: db.database, config };
    const wants = { id: 'few', url: endpoint.url, actor: 'person test' };
    await assert.rejects(addWebhook(deps, { ...wants, outcomes: ['X'] }), { message: /X is no outcome/ });
    const { secret } = await addWebhook(deps, { ...wants, outcomes: ['REFUSED'] });
    const rotated = await rotateWebhook(deps, { id: 'few' });
    await accepted(3);
    const few = await untilEndpoint('few', () => true);
    const poster = createWebhookPoster(config.webhooks);
    const { signal } = new AbortController();
    await deliverNext({ database: db.database, poster, key, log: silentLog, signal }, few);
    assert.equal((await untilEndpoint('few', () => true)).through, 3);
    const [bill] = await sent(1);
    assert.ok(bill !== undefined);
    await refuse(bill);
    const sender = openSender();
    sender.start();
    await numberOutcomes(db.database, 1_000);
    await untilEndpoint('few', ({ through }) => through === 4);
    await sender.stop();
    assert.deepEqual(endpoint.taken, [4]);
    const [message] = endpoint.messages;
    assert.ok(message !== undefined);
    for (const known of [secret, rotated.secret]) new Webhook(known).verify(message.body, message.headers);
    await rotateWebhook(deps, { id: 'few', keepHours: 0 });
    assert.equal((await listWebhooks(deps))[0]?.oldUntil, null);
    assert.ok(await removeWebhook(deps, 'few'));
    assert.equal(await askValue(db.database, 'select count(*)::int from webhook_setting'), 0);
  });

  it('is never ahead of the last number', async () => {
    const endpoint = await openEndpoint();
    const deps = { database: db.database, config };
    const wants = { id: 'ahead', url: endpoint.url, actor: 'person test' };
    await assert.rejects(addWebhook(deps, { ...wants, after: 1_000_000 }), {
      message: /no outcome 1000000 yet/,
    });
    await addWebhook(deps, wants);
    await ask(db.database, 'update webhook_endpoint set through = through + 7');
    assert.equal((await listWebhooks(deps))[0]?.behind, 0);
  });

  it('is disabled when it says that it is gone', async () => {
    const endpoint = await openEndpoint();
    endpoint.answer(410);
    await addWebhook(
      { database: db.database, config },
      { id: 'gone', url: endpoint.url, after: 0, actor: 'person test' },
    );
    await accepted(1);
    const sender = openSender();
    sender.start();
    const { disabledWhy } = await untilEndpoint('gone', ({ disabledAt }) => disabledAt !== null);
    assert.match(disabledWhy ?? '', /410/);
    await sender.stop();
  });
});
