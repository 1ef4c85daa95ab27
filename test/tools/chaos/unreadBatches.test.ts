import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import kafkajs, { type Message } from 'kafkajs';
import { maxUnpackedBytes } from '../../../src/kafka/recordBatch.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';
import { readTopic, setLargestBatch } from '../../support/testTopics.ts';

const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes;
const bombs = { gzip: GZIP, lz4: LZ4, snappy: Snappy, zstd: ZSTD } as const;
const names = ['gzip', 'lz4', 'snappy', 'zstd'] as const;
const bills = 200;

describe('record batches that unpack to more than is read', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0', SIMULATED_DELAY_MS: '50' });
  });
  after(() => system.destroy());

  it('become one dead letter each, with their offsets and bytes, and cost no bill', async () => {
    await system.publish(bills);
    const events = await eventsOf(system);
    const { EMAIL: email } = system.config.kafka.topics;
    // Snappy packs zeros to a twentieth only.
    await setLargestBatch(system.kafka, email, 4_000_000);
    const producer = system.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const half = Buffer.alloc(maxUnpackedBytes / 2 + 1_000);
    for (const [index, name] of names.entries()) {
      const partition = index % 4;
      const around = events.slice(index * 50, index * 50 + 50).map((event) => ({ ...event, partition }));
      await producer.send({ topic: email, messages: around.slice(0, 25), compression: bombs[name] });
      const bomb = [1, 2].map(() => ({ value: half, partition }));
      await producer.send({ topic: email, messages: bomb, compression: bombs[name] });
      await producer.send({ topic: email, messages: around.slice(25), compression: bombs[name] });
    }
    await producer.disconnect();

    const dispatcher = await system.startDispatcher();
    await system.until('all bills are finished', isFinished, 120_000);
    await system.until('the lag is 0', async () => (await system.lag()) === 0, 120_000);
    await system.deadLetters(names.length);
    const letters = await readTopic(system.kafka, system.config.kafka.topics.deadLetter);
    const batches = letters.map(({ headers, value }) => {
      assert.equal(headers['billcast-reason'], 'BATCH_TOO_LARGE');
      const batch: Record<string, unknown> = JSON.parse(headers['billcast-batch'] ?? '');
      assert.equal(headers['billcast-offset'], batch.lastOffset);
      assert.equal(Number(batch.lastOffset), Number(batch.firstOffset) + 1);
      assert.deepEqual(
        [batch.records, batch.bytes],
        [2, value?.length ?? Number(headers['billcast-truncated'])],
      );
      return batch.compression;
    });
    assert.deepEqual(batches.sort(), names);
    const states = await system.states();
    assert.equal(states.delivered, bills);
    assert.equal(await dispatcher.stop(), 0);
    const verdict = await system.verdict();
    assert.deepEqual([verdict.lost, verdict.duplicated], [0, 0]);
  });
});

async function eventsOf({ database }: TestSystem): Promise<Message[]> {
  const rows = await database.query<[string, string]>({
    name: 'events-of-bills',
    text: 'select bill_id::text, member_id::text from bill_notification',
  });
  return rows.map(([billId, memberId]) => ({ key: billId, value: JSON.stringify({ memberId, billId }) }));
}
