import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPublisher } from '../../src/kafka/publisher.ts';
import { readTopics } from '../../src/kafka/readTopics.ts';
import { useTestTopics } from '../support/testTopics.ts';

const { kafka, topics } = useTestTopics(3);

describe('reading topics', () => {
  it('finds nothing in empty ones', async () => {
    assert.deepEqual(await readTopics(kafka, Object.values(topics)), []);
  });

  it('finds every record of every partition, with its place, its bytes and its headers', async () => {
    const publisher = createPublisher(kafka);
    const records = [topics.EMAIL, topics.deadLetter].flatMap((topic) =>
      Array.from({ length: 50 }, (_, number) => ({
        topic,
        key: String(number),
        value: number % 2 === 0 ? null : `value ${number}`,
        headers: { number: String(number) },
      })),
    );
    await publisher.publish(records);
    await publisher.stop();
    const found = await readTopics(kafka, Object.values(topics));
    const plain = found.map(({ topic, key, value, headers }) => ({
      topic,
      key: String(key),
      value: value && String(value),
      headers,
    }));
    const byPlace = (record: { topic: string; key: string }) => `${record.topic} ${record.key}`;
    const sorted = (list: typeof plain) => list.sort((a, b) => byPlace(a).localeCompare(byPlace(b)));
    assert.deepEqual(sorted(plain), sorted(records));
    const places = new Set(found.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`));
    assert.equal(places.size, records.length);
  });
});
