import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import kafkajs, { type Admin, type CompressionTypes, type Kafka, type Message, type Producer } from 'kafkajs';
import { pino } from 'pino';
import { createEventConsumer, type EventConsumer } from '../../../src/consumer/intake/eventConsumer.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { ensureTopics } from '../../../src/kafka/ensureTopics.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { createLogger, type Logger } from '../../../src/log/log.ts';
import { testKafkaBrokers } from '../../support/testKafka.ts';

export const quiet: Logger = createLogger({ level: 'silent', pretty: false });

/** Topics and a group of one test on the real Kafka; all of it is gone when the test ends. */
export class KafkaFixture {
  readonly groupId = `test-${randomUUID()}`;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly #brokers: string[];
  readonly #topics: string[] = [];
  readonly #consumers: EventConsumer[] = [];
  readonly #producer: Producer;

  static async open(t: TestContext): Promise<KafkaFixture> {
    const fixture = new KafkaFixture(testKafkaBrokers());
    t.after(() => fixture.close());
    await fixture.admin.connect();
    return fixture;
  }

  constructor(brokers: string) {
    this.#brokers = brokers.split(',');
    this.kafka = this.connectKafka();
    this.admin = this.kafka.admin();
    this.#producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  connectKafka(log: Logger = quiet): Kafka {
    return createKafka({ brokers: this.#brokers, clientId: 'billcast-test', log });
  }

  async createTopic(partitions: number): Promise<string> {
    const name = `test-${randomUUID()}`;
    await ensureTopics({ kafka: this.kafka, topics: [{ name, partitions }] });
    this.#topics.push(name);
    return name;
  }

  async send(topic: string, messages: Message[], compression?: CompressionTypes): Promise<void> {
    await this.#producer.connect();
    await this.#producer.send({ topic, messages, compression: compression ?? kafkajs.CompressionTypes.None });
  }

  /** Events with bill ids `from` to `from + count - 1`. */
  async sendEvents(topic: string, { from = 1, count }: { from?: number; count: number }): Promise<void> {
    for (let sent = 0; sent < count; sent += 1_000) {
      const length = Math.min(1_000, count - sent);
      await this.send(
        topic,
        Array.from({ length }, (_, index) => eventMessage(from + sent + index)),
      );
    }
  }

  /**
   * A consumer of this test's group with its own Kafka client, like another process; not started yet.
   */
  consumer(options: {
    topics: string[];
    onRecords: (records: ReceivedRecord[]) => void;
    onFatal?: (error: Error) => void;
    log?: Logger;
    sessionTimeoutMs?: number;
    maxBytesPerPartition?: number;
    commitIntervalMs?: number;
    groupId?: string;
  }): EventConsumer {
    const log = options.log ?? quiet;
    const consumer = createEventConsumer({
      kafka: this.connectKafka(log),
      groupId: options.groupId ?? this.groupId,
      topics: options.topics,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      maxBytesPerPartition: options.maxBytesPerPartition ?? 16_384,
      commitIntervalMs: options.commitIntervalMs ?? 50,
      log,
      onRecords: options.onRecords,
      onFatal: options.onFatal ?? ((error) => assert.fail(error)),
    });
    this.#consumers.push(consumer);
    return consumer;
  }

  /** The committed offsets of the group, by partition; -1 for none. */
  async committed(topic: string): Promise<Map<number, number>> {
    const [offsets] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [topic] });
    return new Map((offsets?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
  }

  async committedSum(topic: string): Promise<number> {
    return [...(await this.committed(topic)).values()].reduce((sum, offset) => sum + Math.max(0, offset), 0);
  }

  /** Commits this offset for the group, which must have no members. */
  async commit(topic: string, offset: number): Promise<void> {
    const consumer = this.connectKafka().consumer({ groupId: this.groupId, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
    await consumer.commitOffsets([{ topic, partition: 0, offset: String(offset) }]);
    await consumer.disconnect();
  }

  async close(): Promise<void> {
    await this.disconnect();
    await this.admin.connect();
    await this.admin.deleteTopics({ topics: this.#topics }).catch(() => undefined);
    await this.admin.deleteGroups([this.groupId]).catch(() => undefined);
    await this.admin.disconnect();
  }

  /** Leaves topics and group in place, for a broker that is removed with its test. */
  async disconnect(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.#producer.disconnect();
    await this.admin.disconnect();
  }
}

export function eventMessage(billId: number): Message {
  return {
    key: String(billId),
    value: JSON.stringify({ memberId: billId, billId }),
  };
}

/** Collects records, and waits until there are enough of them. */
export class Collector {
  readonly records: ReceivedRecord[] = [];
  #waiting: { count: number; resolve: () => void }[] = [];

  readonly onRecords = (records: ReceivedRecord[]): void => {
    this.records.push(...records);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.records.length >= count) resolve();
      return this.records.length < count;
    });
  };

  /** Resolves when `count` records have come since the collector was made. */
  until(count: number): Promise<void> {
    if (this.records.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** A logger, and the lines it wrote. */
export function listeningLog(): { log: Logger; messages: string[] } {
  const messages: string[] = [];
  const write = (line: string) => {
    const { msg }: { msg: string } = JSON.parse(line);
    messages.push(msg);
  };
  return { log: pino({ level: 'info' }, { write }), messages };
}

export function billIdsOf(records: readonly ReceivedRecord[]): number[] {
  return records.map(({ event }) => (event.kind === 'event' ? Number(event.billId) : Number.NaN));
}
