import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { Kafka, Producer, ProducerBatch, RecordMetadata } from 'kafkajs';
import { createTopicProducer } from '../../src/kafka/topicProducer.ts';

const load = createRequire(import.meta.url);
const createSendMessages = load('kafkajs/src/producer/sendMessages');
const createEosManager = load('kafkajs/src/producer/eosManager');
const createRetry = load('kafkajs/src/retry');
const partitioner = load('kafkajs/src/producer/partitioners/default')();
const { createErrorFromCode } = load('kafkajs/src/protocol/error');
const notLeader = 6;

const silent = { debug: () => undefined, error: () => undefined, info: () => undefined };

interface Written {
  readonly partition: number;
  readonly value: string;
}

/**
 * Two brokers, two partitions, and kafkajs's own sendMessages over them. Broker 1 has stopped leading
 * partition 0 when it is asked first; whoever asks for metadata then learns that broker 2 leads both.
 */
function createCluster() {
  const log: Written[] = [];
  let leaderOfZero = 1;
  const broker = (nodeId: number) => ({
    nodeId,
    produce: async ({ topicData }: { topicData: { topic: string; partitions: Part[] }[] }) => {
      const parts = topicData.flatMap(({ partitions }) => partitions);
      if (nodeId === 1 && parts.some(({ partition }) => partition === 0)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw createErrorFromCode(notLeader);
      }
      for (const { partition, messages } of parts) {
        for (const { value } of messages) log.push({ partition, value });
      }
      const partitions = parts.map(({ partition }) => ({ partition, errorCode: 0, baseOffset: '0' }));
      return { topics: [{ topicName: 't', partitions }] };
    },
  });
  const brokers: Readonly<Record<string, unknown>> = { 1: broker(1), 2: broker(2) };
  const cluster = {
    targetTopics: new Set(['t']),
    addMultipleTargetTopics: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata: async () => {
      leaderOfZero = 2;
    },
    isConnected: () => true,
    findBroker: async ({ nodeId }: { nodeId: string }) => brokers[nodeId],
    findTopicPartitionMetadata: () => [
      { partitionId: 0, leader: leaderOfZero },
      { partitionId: 1, leader: 2 },
    ],
    findLeaderForPartitions: (_topic: string, partitions: string[]) =>
      Object.groupBy(partitions.map(Number), (partition) => String(partition === 0 ? leaderOfZero : 2)),
  };
  return { cluster, log };
}

interface Part {
  readonly partition: number;
  readonly messages: readonly { readonly value: string }[];
}

/** As kafkajs's producer is put together, with the retries that it was asked for. */
function sendBatchOn(
  cluster: unknown,
  retry: { retries?: number } = {},
): (batch: ProducerBatch) => Promise<RecordMetadata[]> {
  return createSendMessages({
    logger: silent,
    cluster,
    partitioner,
    eosManager: createEosManager({ logger: silent, cluster, transactional: false }),
    retrier: createRetry({ initialRetryTime: 5, retries: 5, ...retry }),
  });
}

type SendBatch = Producer['sendBatch'];

/** A Kafka whose producers only send. */
function kafkaWith(sendBatchFor: (retry: { retries?: number }) => SendBatch): Kafka {
  return new Proxy({} as Kafka, {
    get: () => (config: { retry: { retries?: number } }) => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      sendBatch: sendBatchFor(config.retry),
    }),
  });
}

describe('a partition whose leader moves to a broker that has answered already', () => {
  it('is forgotten by kafkajs, which resolves although a record is in no log', async () => {
    const { cluster, log } = createCluster();
    const messages = [0, 1].map((partition) => ({ partition, value: `of ${partition}` }));
    const answer = await sendBatchOn(cluster)({ acks: -1, topicMessages: [{ topic: 't', messages }] });
    assert.deepEqual(
      answer.map(({ partition }) => partition),
      [1],
      'kafkajs has mended it: say so in topicProducer.ts',
    );
    assert.deepEqual(log, [{ partition: 1, value: 'of 1' }]);
  });

  it('is never acknowledged before its records are written', async () => {
    const { cluster, log } = createCluster();
    const producer = createTopicProducer(
      kafkaWith((retry) => sendBatchOn(cluster, retry)),
      't',
    );
    const send = (partition: number) =>
      producer.send(partition, [{ topic: 't', key: '1', value: `of ${partition}` }]);
    const [zero, one] = await Promise.allSettled([send(0), send(1)]);
    assert.deepEqual([zero.status, one.status], ['rejected', 'fulfilled']);
    await send(0);
    assert.deepEqual(
      log.map(({ value }) => value),
      ['of 1', 'of 0'],
    );
  });

  it('does not count when the answer names others only', async () => {
    const answering = (answer: Partial<RecordMetadata>[]): Kafka =>
      kafkaWith(() => async () => answer as RecordMetadata[]);
    for (const answer of [
      [],
      [{ topicName: 't', partition: 1, errorCode: 0 }],
      [{ topicName: 'other', partition: 0, errorCode: 0 }],
      [{ topicName: 't', partition: 0, errorCode: notLeader }],
    ]) {
      await assert.rejects(
        createTopicProducer(answering(answer), 't').send(0, [{ topic: 't', key: '1', value: 'v' }]),
        /does not name the partition/,
      );
    }
  });
});
