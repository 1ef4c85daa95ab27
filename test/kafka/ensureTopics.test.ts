import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { createKafka } from '../../src/kafka/kafkaClient.ts';
import { KafkaFixture, quiet } from '../consumer/intake/kafkaFixture.ts';

describe('ensureTopics', () => {
  it('creates what is missing and changes nothing that is there', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const present = await fixture.createTopic(2);
    const missing = `test-${randomUUID()}`;
    t.after(async () => {
      const admin = fixture.kafka.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [missing] });
      await admin.disconnect();
    });
    const topics = [
      { name: present, partitions: 5 },
      { name: missing, partitions: 3, configEntries: [{ name: 'retention.ms', value: '60000' }] },
    ];
    const created = await Promise.all([1, 2, 3].map(() => ensureTopics({ kafka: fixture.kafka, topics })));
    assert.ok(created.every(({ names }) => !names.includes(present)));
    assert.deepEqual((await ensureTopics({ kafka: fixture.kafka, topics })).names, []);
    const metadata = await fixture.admin.fetchTopicMetadata({ topics: [present, missing] });
    const partitionsOf = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
    assert.deepEqual([partitionsOf.get(present), partitionsOf.get(missing)], [2, 3]);
  });

  it('says so when no broker answers', async () => {
    const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'billcast-test', log: quiet });
    await assert.rejects(ensureTopics({ kafka, topics: [], patienceMs: 1_000 }), { code: 'KAFKA_FAILED' });
  });
});
