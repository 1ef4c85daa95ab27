import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { boundFetches } from '../../src/kafka/boundedFetch.ts';
import type { FetchedMessage } from '../../src/kafka/recordBatch.ts';
import { maxKeptBytes, maxRecords, maxUnpackedBytes } from '../../src/kafka/recordBatch.ts';
import { batchTimestampMs, recordBatch } from '../consumer/intake/recordBatches.ts';
import { exhaustive } from '../support/exhaustive.ts';

boundFetches();
boundFetches();

interface Reader {
  offset: number;
}
const load = createRequire(import.meta.url);
const Decoder: new (bytes: Buffer) => Reader = load('kafkajs/src/protocol/decoder.js');
const decodeMessages: (reader: Reader) => Promise<FetchedMessage[]> = load(
  'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js',
);

/** What a broker answers for some partitions, each with its batches. */
function answerOf(...partitions: readonly (readonly Buffer[])[]): Reader {
  const parts = partitions.flatMap((batches) => {
    const bytes = Buffer.concat(batches);
    const size = Buffer.alloc(4);
    size.writeInt32BE(bytes.length);
    return [size, bytes];
  });
  return new Decoder(Buffer.concat(parts));
}
function event(billId: number): Buffer {
  return Buffer.from(`{"memberId":1,"billId":${billId}}`);
}
function offsetsOf(messages: readonly FetchedMessage[]): number[] {
  return messages.map(({ offset }) => Number(offset));
}
const megabyte = Buffer.alloc(1_048_576);

describe('the records of a fetch', exhaustive, () => {
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    it(`are read from batches with ${compression}`, async () => {
      const values = [1, 2, 3].map(event);
      const batches = [
        await recordBatch({ values, compression }),
        await recordBatch({ values, compression, firstOffset: 10 }),
      ];
      const messages = await decodeMessages(answerOf(batches));
      assert.deepEqual(offsetsOf(messages), [0, 1, 2, 10, 11, 12]);
      assert.deepEqual(
        messages.map(({ value }) => value),
        [...values, ...values],
      );
      assert.ok(messages.every(({ timestamp, unread }) => Number(timestamp) === batchTimestampMs && !unread));
    });

    it(`have one record in the place of a batch that is too large, with ${compression}`, async () => {
      const values = Array.from({ length: 40 }, () => megabyte);
      const batch = await recordBatch({ values, compression, firstOffset: 7 });
      const after = await recordBatch({ values: [event(1)], firstOffset: 47 });
      const [standIn, next, ...more] = await decodeMessages(answerOf([batch, after]));
      assert.deepEqual(more, []);
      assert.equal(next?.offset, '47');
      assert.deepEqual(standIn?.unread, {
        reason: 'BATCH_TOO_LARGE',
        firstOffset: '7',
        lastOffset: '46',
        records: 40,
        compression,
        bytes: batch.length - 61,
      });
      assert.deepEqual(
        [standIn.offset, standIn.key, Number(standIn.timestamp)],
        ['46', null, batchTimestampMs],
      );
      if (batch.length - 61 <= maxKeptBytes) assert.ok(standIn.value?.equals(batch.subarray(61)));
      else assert.equal(standIn.value, null);
    });
  }

  it('are as many as fit; a batch that fits by itself comes with the next fetch', async () => {
    const large = await recordBatch({
      values: Array.from({ length: 20 }, () => megabyte),
      compression: 'zstd',
    });
    const small = await recordBatch({ values: [event(1)], firstOffset: 20 });
    const answer = answerOf([large, large, small], [large], [small]);
    assert.equal((await decodeMessages(answer)).length, 20);
    assert.deepEqual(
      await decodeMessages(answer),
      [],
      'the answer has room for one of them, over all partitions',
    );
    assert.equal((await decodeMessages(answer)).length, 1, 'and for what is small');
    assert.equal((await decodeMessages(answerOf([large]))).length, 20);
  });

  it('are no more than there is memory for their objects', async () => {
    const tiny = Array.from({ length: maxRecords / 2 + 1 }, () => Buffer.alloc(0));
    const half = await recordBatch({ values: tiny, compression: 'lz4' });
    assert.equal((await decodeMessages(answerOf([half, half]))).length, tiny.length);
    const most = await recordBatch({ values: [event(1)], records: maxRecords + 1, compression: 'lz4' });
    const [standIn] = await decodeMessages(answerOf([most]));
    assert.deepEqual([standIn?.unread?.reason, standIn?.offset], ['BATCH_TOO_LARGE', String(maxRecords)]);
    assert.ok(maxRecords * 300 < maxUnpackedBytes);
  });

  it('have one record in the place of a batch that cannot be unpacked', async () => {
    const packed = Buffer.from('neither compressed nor records');
    const broken = [
      await recordBatch({ values: [event(1), event(2)], compression: 'zstd', packed }),
      await recordBatch({ values: [event(1), event(2)], packed }),
      await recordBatch({ values: [event(1), event(2)], attributes: 6, packed }),
    ];
    for (const batch of broken) {
      const messages = await decodeMessages(
        answerOf([batch, await recordBatch({ values: [event(3)], firstOffset: 2 })]),
      );
      assert.deepEqual(offsetsOf(messages), [1, 2]);
      assert.equal(messages[0]?.unread?.reason, 'BATCH_UNREADABLE');
      assert.ok(messages[0]?.value?.equals(packed));
    }
  });

  it('end before a batch that the broker cut off, and are none in an empty partition', async () => {
    const batch = await recordBatch({ values: [event(1)] });
    for (const cut of [1, 16, 17, 60, 61, batch.length - 1]) {
      assert.deepEqual(offsetsOf(await decodeMessages(answerOf([batch, batch.subarray(0, cut)]))), [0]);
    }
    assert.deepEqual(await decodeMessages(answerOf([])), []);
    // Where the broker's own limit is reached, kafkajs would fail the whole fetch.
    for (const cut of [1, 16, 17, 48, 60, batch.length - 1]) {
      const answer = answerOf([batch.subarray(0, cut)], [batch]);
      assert.deepEqual(await decodeMessages(answer), []);
      assert.deepEqual(offsetsOf(await decodeMessages(answer)), [0]);
    }
  });

  it('leave the answer to be read on behind them', async () => {
    const answer = answerOf(
      [await recordBatch({ values: [event(1)] })],
      [await recordBatch({ values: [event(2)], firstOffset: 5 })],
    );
    assert.deepEqual(offsetsOf(await decodeMessages(answer)), [0]);
    assert.deepEqual(offsetsOf(await decodeMessages(answer)), [5]);
  });
});
