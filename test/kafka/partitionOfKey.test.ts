import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import { partitionOfKey } from '../../src/kafka/partitionOfKey.ts';

const partitioner = kafkajs.Partitioners.DefaultPartitioner();
function choiceOfKafkajs(key: Buffer | string, partitions: number): number {
  return partitioner({
    topic: 't',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      replicas: [1],
      isr: [1],
      partitionErrorCode: 0,
    })),
    message: { key, value: null },
  });
}

describe('the partition of a key', () => {
  it('is the one that Java chooses', () => {
    // From UtilsTest.testMurmur2 of Kafka's Java client: murmur2("foobar") = -790332482, murmur2("21") =
    // -973932308.
    assert.equal(partitionOfKey('foobar', 1_000_000), (-790332482 & 0x7fffffff) % 1_000_000);
    assert.equal(partitionOfKey('21', 1_000_000), (-973932308 & 0x7fffffff) % 1_000_000);
  });

  it('is the one that kafkajs chooses, for keys of every length and for bytes that are no text', () => {
    for (let length = 0; length < 40; length++) {
      for (const key of [randomBytes(length), Buffer.alloc(length, 255)]) {
        assert.equal(partitionOfKey(key, 97), choiceOfKafkajs(key, 97), key.toString('hex'));
      }
    }
    for (const key of ['1', '9007199254740993', '한글']) {
      assert.equal(partitionOfKey(key, 8), choiceOfKafkajs(key, 8), key);
    }
  });
});
