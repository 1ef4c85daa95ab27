import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findRecord } from '../../src/kafka/findRecord.ts';
import type { Kafka } from '../../src/kafka/kafkaClient.ts';
import { KafkaFixture } from '../consumer/intake/kafkaFixture.ts';

/** kafkajs does this if the group's coordinator is not there yet: it starts again when that is known. */
function forgetSeeksBeforeJoin(kafka: Kafka): void {
  const makeConsumer = kafka.consumer.bind(kafka);
  kafka.consumer = (options) => {
    const consumer = makeConsumer(options);
    const { seek } = consumer;
    let isJoined = false;
    consumer.on(consumer.events.GROUP_JOIN, () => {
      isJoined = true;
    });
    consumer.seek = (place) => {
      if (isJoined) seek(place);
    };
    return consumer;
  };
}

describe('a record in a topic', () => {
  it('is found though the consumer had to start again', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.send(
      topic,
      ['1', '2', '3'].map((key) => ({ key, value: `value ${key}` })),
    );
    const kafka = fixture.connectKafka();
    forgetSeeksBeforeJoin(kafka);
    const found = await findRecord({
      kafka,
      topic,
      sinceMs: 0,
      limitMs: 20_000,
      isWanted: ({ key }) => String(key) === '2',
    });
    assert.equal(String(found?.value), 'value 2');
  });
});
