import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Kafka, Producer } from 'kafkajs';
import { createPublisher } from '../../src/kafka/publisher.ts';
import { useTestTopics } from '../support/testTopics.ts';

const { topics, kafka, read } = useTestTopics();

/** The same Kafka with each producer replaced by what `change` makes of it. They are numbered from 0. */
function withProducers(change: (producer: Producer, number: number) => Producer): Kafka {
  let made = 0;
  return new Proxy(kafka, {
    get: (target, property, receiver) =>
      property === 'producer'
        ? (config: Parameters<Kafka['producer']>[0]) => change(target.producer(config), made++)
        : Reflect.get(target, property, receiver),
  });
}

describe('the publisher', () => {
  it('has every record in its topic when it resolves: keys, values, headers, none of them', async () => {
    const publisher = createPublisher(kafka);
    await publisher.publish([
      { topic: topics.EMAIL, key: '1', value: '{}' },
      { topic: topics.SMS, key: null, value: Buffer.from([0, 1, 255]), headers: { a: 'b' } },
      { topic: topics.EMAIL, key: '1', value: null },
    ]);
    assert.deepEqual(
      (await read(topics.EMAIL)).map(({ key, value }) => [String(key), value && String(value)]),
      [
        ['1', '{}'],
        ['1', null],
      ],
    );
    const [sms] = await read(topics.SMS);
    assert.deepEqual([sms?.key, sms?.value, sms?.headers], [null, Buffer.from([0, 1, 255]), { a: 'b' }]);
    await publisher.stop();
  });

  it('has nothing to do with nothing, and may be stopped twice, or before it began', async () => {
    let producers = 0;
    const publisher = createPublisher(
      withProducers((producer) => {
        producers++;
        return producer;
      }),
    );
    await publisher.publish([]);
    await publisher.stop();
    await publisher.stop();
    assert.equal(producers, 0);
  });

  it('rejects when an acknowledgement is lost, and publishes again by a new producer', async () => {
    const publisher = createPublisher(
      withProducers((producer, number) =>
        number > 0
          ? producer
          : {
              ...producer,
              sendBatch: async (batch) => {
                await producer.sendBatch(batch);
                throw new Error('the answer is lost');
              },
            },
      ),
    );
    const records = [{ topic: topics.deadLetter, key: '7', value: 'twice' }];
    await assert.rejects(publisher.publish(records), /the answer is lost/);
    await publisher.publish(records);
    assert.equal((await read(topics.deadLetter)).length, 2);
    await publisher.stop();
  });

  it('publishes more than one request holds, and rejects when any of them is not acknowledged', async () => {
    let requests = 0;
    const publisher = createPublisher(
      withProducers((producer) => ({
        ...producer,
        sendBatch: (batch) =>
          ++requests === 2 ? Promise.reject(new Error('the second is lost')) : producer.sendBatch(batch),
      })),
    );
    const records = Array.from({ length: 4_500 }, (_, index) => ({
      topic: topics.EMAIL,
      key: `many-${index}`,
      value: '{}',
    }));
    await assert.rejects(publisher.publish(records), /the second is lost/);
    await publisher.publish(records);
    const keys = new Set((await read(topics.EMAIL)).map(({ key }) => String(key)));
    assert.ok(records.every(({ key }) => keys.has(key)));
    assert.equal(requests, 2 + 3 + 3, 'three for each partition');
    await publisher.stop();
  });

  it('reconnects after a failed connection', async () => {
    const publisher = createPublisher(
      withProducers((producer, number) =>
        number > 0 ? producer : { ...producer, connect: () => Promise.reject(new Error('refused')) },
      ),
    );
    const records = [{ topic: topics.SMS, key: '8', value: 'once' }];
    await assert.rejects(publisher.publish(records), /refused/);
    await publisher.publish(records);
    assert.equal((await read(topics.SMS)).filter(({ value }) => String(value) === 'once').length, 1);
    await publisher.stop();
  });
});
