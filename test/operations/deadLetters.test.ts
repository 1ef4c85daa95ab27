import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { listDeadLetters, openDeadLetter, replayDeadLetter } from '../../src/operations/deadLetters.ts';
import { KafkaFixture } from '../consumer/intake/kafkaFixture.ts';
import { readTopic } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();

describe('a dead letter whose bytes are in the topic', () => {
  it('is found there by its headers, and sent to its own topic again as it came', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const [topic, deadLetter] = [await fixture.createTopic(1), await fixture.createTopic(2)];
    const { kafka } = fixture;
    const producer = kafka.producer();
    await producer.connect();
    const letterOf = (offset: number, partition: number) => ({
      key: '42',
      value: `value ${offset}`,
      partition,
      headers: { 'billcast-topic': topic, 'billcast-partition': '0', 'billcast-offset': String(offset) },
    });
    await producer.send({ topic: deadLetter, messages: [letterOf(6, 0), letterOf(7, 1), letterOf(8, 1)] });
    await producer.disconnect();
    await test.database.execute(
      `insert into poison_record (topic, partition, "offset", recorded_at, reason, key, published_at)
       values ($1, 0, 7, now(), 'BILL_UNKNOWN', '42', now()), ($1, 0, 99, now(), 'BILL_UNKNOWN', '42', now())`,
      [topic],
    );
    const config = loadConfig({ TOPIC_DLT: deadLetter });
    const deps = { config, kafka, database: test.database };
    const { items } = await listDeadLetters(deps, { limit: 10 });
    const [gone, kept] = items.toSorted((a, b) => Number(b.offset) - Number(a.offset));
    assert.ok(gone !== undefined && kept !== undefined);

    const letter = await openDeadLetter(deps, kept);
    assert.deepEqual([letter?.source, letter?.value?.toString()], ['topic', 'value 7']);
    assert.ok(letter !== undefined);
    assert.equal(await replayDeadLetter(deps, { letter, id: kept, actor: 'person ann' }), true);
    const records = await readTopic(kafka, topic);
    assert.deepEqual(
      records.map(({ key, value }) => [String(key), String(value)]),
      [['42', 'value 7']],
    );
    const after = await openDeadLetter(deps, kept);
    assert.equal(after?.record.replayedBy, 'person ann');

    const lost = await openDeadLetter(deps, gone);
    assert.equal(lost?.source, 'gone');
    assert.ok(lost !== undefined);
    assert.equal(await replayDeadLetter(deps, { letter: lost, id: gone, actor: 'person ann' }), false);
  });
});
