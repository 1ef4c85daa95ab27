import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BillTopics } from '../../src/channels.ts';
import { keepPoison } from '../../src/db/transitions/poisonRecords.ts';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { withAdmin } from '../../src/kafka/kafkaAdmin.ts';
import { createPublisher, type Publisher } from '../../src/kafka/publisher.ts';
import { createRounds, type Rounds } from '../../src/relay/round.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { emptyTables } from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { readTopic, useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics, kafka } = useTestTopics(2);
beforeEach(() => emptyTables(db.database));
const publisher = createPublisher(kafka);
after(() => publisher.stop());

function insertOwed(first: number, count: number, status: 'PENDING' | 'FAILED' = 'PENDING') {
  return ask(
    db.database,
    `insert into bill_notification (bill_id, member_id, publish_status, send_status, reason)
     select id, 7, 'PENDING', '${status}', 'SMS_REFUSED'
     from generate_series(${first}, ${first + count - 1}) id`,
  );
}
function countOwed(status: 'PENDING' | 'FAILED') {
  return askValue<number>(
    db.database,
    "select count(*)::int from bill_notification where publish_status = 'PENDING' and send_status = " +
      `'${status}'`,
  );
}
async function runUntil(rounds: Rounds, isDone: () => Promise<boolean>): Promise<number> {
  for (let round = 1; ; round++) {
    assert.ok(round < 3_000, 'it does not end');
    const published = await rounds.run();
    if (await isDone()) return round;
    if (published === 0) await sleep(10);
  }
}
function createOn(own: BillTopics, over: Publisher = publisher) {
  const captured = captureLog();
  const rounds = createRounds({
    database: db.database,
    publisher: over,
    topics: own,
    channels: standardLadder.order,
    log: captured.log,
  });
  return { rounds, ...captured };
}
/** Counts the records that go to each topic. */
function counting() {
  const sent = new Map<string, number>();
  const over: Publisher = {
    ...publisher,
    async publishTo(place, records) {
      await publisher.publishTo(place, records);
      sent.set(place.topic, (sent.get(place.topic) ?? 0) + records.length);
    },
  };
  return { sent, over };
}
describe('a dead letter topic that is missing', () => {
  it('delays no event, wherever the dead letters are; they are published once it exists', async () => {
    const missing = { ...topics, deadLetter: `dead-${randomUUID()}` };
    await insertOwed(1, 12_000, 'FAILED');
    await insertOwed(20_000, 12_000);
    await keepPoison(db.database, [
      {
        topic: topics.EMAIL,
        partition: 0,
        offset: '1',
        timestampMs: 1,
        reason: 'EVENT_EMPTY',
        key: null,
        value: null,
      },
    ]);
    const { sent, over } = counting();
    const { rounds, lines } = createOn(missing, over);
    await runUntil(rounds, async () => (await countOwed('PENDING')) === 0);
    for (let more = 0; more < 20; more++) await rounds.run();
    assert.deepEqual([...sent], [[topics.EMAIL, 12_000]], 'each event once');
    assert.equal(await countOwed('FAILED'), 12_000);
    const blocked = lines.filter(({ msg }) => msg.startsWith('topic cannot be written'));
    assert.equal(blocked.length, 1, 'said once');
    assert.equal(blocked[0]?.topic, missing.deadLetter);
    assert.equal(blocked[0]?.error, 'UNKNOWN_TOPIC_OR_PARTITION');
    assert.match(String(blocked[0]?.todo), /create the topic.*TOPIC_DLT/);
    assert.ok(lines.every(({ msg }) => !msg.startsWith('server unreachable')));

    await ensureTopics({ kafka, topics: [{ name: missing.deadLetter, partitions: 2 }] });
    await runUntil(rounds, async () => (await countOwed('FAILED')) === 0);
    await rounds.finish(5_000);
    const letters = await readTopic(kafka, missing.deadLetter);
    assert.equal(letters.length, 12_001, 'each letter once');
    assert.equal(lines.filter(({ msg }) => msg === 'topic can be written again').length, 1);
    assert.equal(await askValue(db.database, 'select count(published_at)::int from poison_record'), 1);
  });
});

describe('a topic with too few replicas', () => {
  it('delays its own records only, with back-off, and says what to do', async () => {
    await insertOwed(1, 2_000);
    await ask(db.database, `update bill_notification set channel = 'SMS' where bill_id % 2 = 0`);
    const triedAtMs: readonly number[][] = [[], []];
    let isMended = false;
    const { sent, over } = counting();
    const trying: Publisher = {
      ...over,
      publishTo(place, records) {
        if (place.topic !== topics.SMS || isMended) return over.publishTo(place, records);
        triedAtMs[place.partition]?.push(performance.now());
        return Promise.reject(Object.assign(new Error('too few'), { type: 'NOT_ENOUGH_REPLICAS' }));
      },
    };
    const { rounds, lines } = createOn(topics, trying);
    await runUntil(rounds, async () => (await countOwed('PENDING')) === 1_000);
    while (triedAtMs.some(({ length }) => length < 5)) {
      await rounds.run();
      await sleep(10);
    }
    assert.equal(sent.get(topics.EMAIL), 1_000, 'each event once');
    for (const times of triedAtMs) {
      const waitsMs = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      assert.ok(
        waitsMs.every((ms, index) => ms >= 250 * 2 ** index * 0.75 - 1),
        `of one partition: ${waitsMs}`,
      );
    }
    const [line, ...others] = lines.filter(({ msg }) => msg.startsWith('topic cannot be written'));
    assert.deepEqual(others, [], 'said once for both partitions');
    assert.deepEqual([line?.error, line?.topic], ['NOT_ENOUGH_REPLICAS', topics.SMS]);
    assert.match(String(line?.todo), /min\.insync\.replicas/);

    isMended = true;
    await runUntil(rounds, async () => (await countOwed('PENDING')) === 0);
    const keys = (await readTopic(kafka, topics.SMS)).map(({ key }) => String(key));
    assert.equal(new Set(keys).size, 1_000);
    assert.equal(keys.length, 1_000, 'each once');
  });
});

describe('a topic that gets more partitions', () => {
  it('has keys on the new ones after a short while, and loses none', async () => {
    const grown = { ...topics, EMAIL: `grown-${randomUUID()}` };
    await ensureTopics({ kafka, topics: [{ name: grown.EMAIL, partitions: 1 }] });
    const { rounds } = createOn(grown);
    await insertOwed(1, 100);
    await runUntil(rounds, async () => (await countOwed('PENDING')) === 0);
    await withAdmin({ kafka }, 'No partitions were added.', (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: grown.EMAIL, count: 4 }] }),
    );
    const placesOf = async () =>
      new Set((await readTopic(kafka, grown.EMAIL)).map(({ partition }) => partition));
    // The new partitions get their leaders a moment later.
    await eventually(() => placesOf().then(Boolean, () => false));
    for (let first = 1_000; (await placesOf()).size < 4; first += 100) {
      assert.ok(first < 20_000, 'the new partitions stay empty');
      await insertOwed(first, 100);
      await runUntil(rounds, async () => (await countOwed('PENDING')) === 0);
      await sleep(500);
    }
    const keys = new Set((await readTopic(kafka, grown.EMAIL)).map(({ key }) => String(key)));
    assert.equal(keys.size, await askValue(db.database, 'select count(*)::int from bill_notification'));
  });
});

describe('a partition that cannot be written', () => {
  it('delays its own records only, however many are owed before the others', async () => {
    const { sent, over } = counting();
    const isOpen = new Set([1]);
    const partial: Publisher = {
      ...over,
      partitionsOf: async () => [0, 1].map((partition) => ({ partition, hasLeader: isOpen.has(partition) })),
    };
    const { rounds, lines } = createOn(topics, partial);
    await insertOwed(1, 30_000);
    const before = (await readTopic(kafka, topics.EMAIL)).length;
    await runUntil(rounds, async () => (sent.get(topics.EMAIL) ?? 0) > 14_000 && (await rounds.run()) === 0);
    const left = await countOwed('PENDING');
    assert.ok(left > 14_000 && left < 16_000, `${left} are left`);
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, publish_status, channel, not_before)
       select id, 7, 'PENDING', 'SMS', now() from generate_series(100001, 100100) id`,
    );
    const smsOwed = () =>
      askValue<number>(
        db.database,
        `select count(*)::int from bill_notification where publish_status = 'PENDING' and channel = 'SMS'`,
      );
    await rounds.run();
    await rounds.run();
    const stillOwed = await smsOwed();
    assert.ok(
      stillOwed > 20 && stillOwed < 80,
      `new ones of the open partition are published at once: ${stillOwed}`,
    );
    isOpen.add(0);
    await runUntil(rounds, async () => (await countOwed('PENDING')) === 0);
    assert.equal((await readTopic(kafka, topics.EMAIL)).length - before, 30_000, 'each once');
    assert.deepEqual(
      lines
        .filter(({ msg }) => msg.startsWith('topic cannot'))
        .map(({ topic, partitions }) => [topic, partitions]),
      [
        [topics.EMAIL, [0]],
        [topics.SMS, [0]],
      ],
    );
  });
});
