import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { withLeaderless } from '../../src/kafka/leaderlessPartitions.ts';

function partition(partitionErrorCode: number, leader = 3) {
  return { partitionErrorCode, leader };
}

describe('a metadata answer', () => {
  it('keeps a partition without a leader as one whose leader no broker is', () => {
    const partitionMetadata = [partition(0), partition(5), partition(9), partition(72), partition(3)];
    const kept = withLeaderless({ topicMetadata: [{ partitionMetadata }] });
    assert.deepEqual(kept.topicMetadata[0]?.partitionMetadata, [
      partition(0),
      partition(0, -1),
      partition(0),
      partition(0),
      partition(3),
    ]);
  });

  it('is parsed by the kafkajs that this was written for', () => {
    assert.equal(createRequire(import.meta.url)('kafkajs/package.json').version, '2.2.4');
  });
});
