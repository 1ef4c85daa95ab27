import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { releaseLease, takeLease } from '../../src/db/lease.ts';
import { keepPoison } from '../../src/db/transitions/poisonRecords.ts';
import type { Outgoing } from '../../src/kafka/outgoing.ts';
import { createPublisher, type Publisher } from '../../src/kafka/publisher.ts';
import { createRelay, type Relay } from '../../src/relay/relay.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  memberIdOf,
  newDispatcherId,
  standingOf,
} from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics, kafka, read } = useTestTopics();
beforeEach(() => emptyTables(db.database));

const poisonBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => 255 - byte));

/** What was published, and a promise of the next publication. `during` takes the place of Kafka. */
function createFakePublisher(
  during: (records: readonly Outgoing[]) => Promise<void> = async () => undefined,
) {
  const published: Outgoing[] = [];
  const waiting: (() => void)[] = [];
  const publish = async (records: readonly Outgoing[]): Promise<void> => {
    await during(records);
    published.push(...records);
    for (const found of waiting.splice(0)) found();
  };
  const publisher: Publisher = {
    partitionsOf: async () => [{ partition: 0, hasLeader: true }],
    publishTo: (_place, records) => publish(records),
    publish,
    stop: () => Promise.resolve(),
  };
  return { publisher, published, next: () => new Promise<void>((found) => waiting.push(found)) };
}

function createOn(publisher: Publisher, options: Partial<Parameters<typeof createRelay>[0]> = {}): Relay {
  return createRelay({
    database: db.database,
    publisher,
    topics,
    channels: standardLadder.order,
    owner: newDispatcherId(),
    leaseMs: 10_000,
    log: silentLog,
    ...options,
  });
}

/** A test gets no signal when a row is marked: it looks until nothing due is owed. */
async function untilNothingIsOwed(): Promise<void> {
  for (let owed = 1; owed > 0; ) {
    owed = await askValue(
      db.database,
      `select (select count(*) from bill_notification
               where publish_status = 'PENDING' and not_before <= now())::int
            + (select count(*) from poison_record where published_at is null)::int`,
    );
  }
}
function insertOwed(billId: number) {
  return insertNotification(db.database, { billId: billIdOf(billId), publishStatus: 'PENDING' });
}

describe('the relay, on Kafka', () => {
  it('publishes what is due and owed, keyed by the bill, and marks it', async () => {
    const email = await insertNotification(db.database, { publishStatus: 'PENDING' });
    const sms = await insertNotification(db.database, { publishStatus: 'PENDING', channel: 'SMS' });
    const failed = await insertNotification(db.database, {
      publishStatus: 'PENDING',
      sendStatus: 'FAILED',
      channel: 'SMS',
      cycle: 2,
      attempts: 1,
      reason: 'SMS_REFUSED',
    });
    const sent = await insertNotification(db.database, { publishStatus: 'PENDING', sendStatus: 'SENT' });
    const later = await insertNotification(db.database, { publishStatus: 'PENDING', notBeforeInMs: 60_000 });
    await insertNotification(db.database, { publishStatus: 'HELD' });
    await keepPoison(db.database, [
      {
        topic: topics.EMAIL,
        partition: 1,
        offset: '41',
        timestampMs: 1_795_456_193_970,
        reason: 'EVENT_NOT_JSON',
        key: poisonBytes,
        value: poisonBytes,
      },
    ]);
    const relay = createOn(createPublisher(kafka));
    relay.start();
    await untilNothingIsOwed();
    await relay.stop();
    assert.deepEqual(textsOf(await read(topics.EMAIL)), [
      [email.billId, `{"memberId":7,"billId":${email.billId}}`],
    ]);
    assert.deepEqual(textsOf(await read(topics.SMS)), [
      [sms.billId, `{"memberId":7,"billId":${sms.billId}}`],
    ]);
    await assertDeadLetters(failed.billId);
    for (const { billId } of [email, sms, failed, sent]) {
      assert.equal((await standingOf(db.database, billId)).publishStatus, 'PUBLISHED');
    }
    assert.equal((await standingOf(db.database, later.billId)).publishStatus, 'PENDING');
  });

  it('fails a bill whose id no event can name, once, with one dead letter', async () => {
    for (const id of [0, -5]) {
      await insertNotification(db.database, { billId: billIdOf(id), publishStatus: 'PENDING' });
    }
    const nobodys = await insertNotification(db.database, {
      memberId: memberIdOf(-1),
      publishStatus: 'PENDING',
    });
    const before = (await read(topics.deadLetter)).length;
    const relay = createOn(createPublisher(kafka));
    relay.start();
    await untilNothingIsOwed();
    await relay.stop();
    const letters = (await read(topics.deadLetter)).slice(before);
    assert.equal(letters.length, 3);
    assert.deepEqual(
      new Set(
        (await read(topics.deadLetter)).map(({ key }) => String(key)).filter((key) => key !== 'null'),
      ).has('-5'),
      true,
    );
    assert.equal((await read(topics.EMAIL)).filter(({ key }) => String(key) === nobodys.billId).length, 0);
    for (const billId of [billIdOf(0), billIdOf(-5), nobodys.billId]) {
      const { sendStatus, publishStatus } = await standingOf(db.database, billId);
      assert.deepEqual([sendStatus, publishStatus], ['FAILED', 'PUBLISHED']);
    }
  });

  const textsOf = (records: readonly { key: Buffer | null; value: Buffer | null }[]) =>
    records.map(({ key, value }) => [String(key), String(value)]);

  const assertDeadLetters = async (failedBill: string): Promise<void> => {
    const letters = await read(topics.deadLetter);
    const bill = letters.find(({ key }) => String(key) === failedBill);
    const { 'billcast-at': at = '', ...headers } = bill?.headers ?? {};
    assert.deepEqual(headers, { 'billcast-reason': 'SMS_REFUSED', 'billcast-attempts': '1' });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.equal(String(bill?.value), `{"memberId":7,"billId":${failedBill},"cycle":2,"channel":"SMS"}`);
    const poison = letters.find((letter) => letter !== bill);
    assert.deepEqual([poison?.key, poison?.value], [poisonBytes, poisonBytes]);
    assert.equal(poison?.headers['billcast-reason'], 'EVENT_NOT_JSON');
    assert.equal(poison?.headers['billcast-topic'], topics.EMAIL);
    assert.equal(poison?.headers['billcast-partition'], '1');
    assert.equal(poison?.headers['billcast-offset'], '41');
    assert.equal(letters.length, 2);
  };
});

describe('one relay at a time', () => {
  it('publishes while the other stands by, and hands over when it stops', async () => {
    const [first, second] = [createFakePublisher(), createFakePublisher()];
    const relays = [createOn(first.publisher), createOn(second.publisher, { leaseMs: 200 })] as const;
    try {
      await insertOwed(1);
      const begun = first.next();
      relays[0].start();
      await begun;
      relays[1].start();
      const next = first.next();
      await insertOwed(2);
      await next;
      assert.deepEqual(second.published, []);
      await untilNothingIsOwed();
      await relays[0].stop();
      const takenOver = second.next();
      await insertOwed(3);
      await takenOver;
      assert.deepEqual(
        [first, second].map(({ published }) => published.map(({ key }) => key)),
        [['1', '2'], ['3']],
      );
    } finally {
      await Promise.all(relays.map((relay) => relay.stop()));
    }
  });

  it('is followed when its lease runs out: it was killed', async () => {
    const killed = newDispatcherId();
    await insertOwed(1);
    const began = performance.now();
    assert.ok(await takeLease(db.database, 'relay', { owner: killed, ttlMs: 700 }));
    const fake = createFakePublisher(async () => {
      const held = await askValue(db.database, `select count(*)::int from lease where owner = $1`, [killed]);
      assert.equal(held, 0);
    });
    const relay = createOn(fake.publisher, { leaseMs: 400 });
    relay.start();
    await fake.next();
    await relay.stop();
    assert.ok(performance.now() - began > 500);
    assert.deepEqual(
      fake.published.map(({ key }) => key),
      ['1'],
    );
  });

  it('leaves its lease to the next one when it stops, and may be stopped twice', async () => {
    const relay = createOn(createFakePublisher().publisher);
    relay.start();
    for (let held = 0; held === 0; ) held = await askValue(db.database, 'select count(*)::int from lease');
    await Promise.all([relay.stop(), relay.stop()]);
    assert.ok(await takeLease(db.database, 'relay', { owner: newDispatcherId(), ttlMs: 1_000 }));
  });

  it('that was never started stops at once', async () => {
    await createOn(createFakePublisher().publisher).stop();
  });

  it('renews its lease while it works', async () => {
    const owner = newDispatcherId();
    const fake = createFakePublisher();
    const relay = createOn(fake.publisher, { owner, leaseMs: 400 });
    relay.start();
    const expiry = () => askValue<string | null>(db.database, 'select max(expires_at)::text from lease');
    let first: string | null = null;
    while (first === null) first = await expiry();
    for (let later: string | null = first; later === first; ) later = await expiry();
    await relay.stop();
    await releaseLease(db.database, 'relay', owner);
  });
});

describe('what the relay may not lose', () => {
  it('the SMS turn of a bill that is refused between the acknowledgement and the mark', async () => {
    const { billId } = await insertOwed(1);
    const fake = createFakePublisher(async (records) => {
      if (records[0]?.topic !== topics.EMAIL) return;
      await ask(
        db.database,
        `update bill_notification set channel = 'SMS', publish_seq = publish_seq + 1 where bill_id = $1`,
        [billId],
      );
    });
    const relay = createOn(fake.publisher);
    relay.start();
    await fake.next();
    await untilNothingIsOwed();
    await relay.stop();
    assert.deepEqual(
      fake.published.map(({ topic, key }) => [topic, key]),
      [
        [topics.EMAIL, '1'],
        [topics.SMS, '1'],
      ],
    );
  });

  it('what Kafka did not acknowledge: it is published again, and said once', async () => {
    const { billId } = await insertOwed(1);
    const captured = captureLog();
    let tries = 0;
    const fake = createFakePublisher(async () => {
      if (++tries === 1) throw new Error('no acknowledgement');
      assert.equal((await standingOf(db.database, billId)).publishStatus, 'PENDING');
    });
    const relay = createOn(fake.publisher, { log: captured.log });
    relay.start();
    await fake.next();
    await untilNothingIsOwed();
    await relay.stop();
    assert.equal(tries, 2);
    assert.equal(captured.warnings().length, 1);
  });

  it('a bill of which it cannot publish the poison of others', async () => {
    await keepPoison(db.database, [
      {
        topic: 'bill.email',
        partition: 0,
        offset: '1',
        timestampMs: 1,
        reason: 'EVENT_EMPTY',
        key: null,
        value: null,
      },
    ]);
    const fake = createFakePublisher(async ([record]) => {
      if (record?.topic === topics.deadLetter) throw new Error('too large');
    });
    const relay = createOn(fake.publisher);
    relay.start();
    for (const bill of [1, 2]) {
      const next = fake.next();
      await insertOwed(bill);
      await next;
    }
    await relay.stop();
    assert.deepEqual(
      fake.published.map(({ key }) => key),
      ['1', '2'],
    );
  });
});
