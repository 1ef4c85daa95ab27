import type { FetchedBatch } from '../../../src/consumer/intake/ownedPartition.ts';

/**
 * A batch as kafkajs would hand it over: these offsets, and the last one it saw, which may have held no
 * record.
 */
export function batchOf(offsets: readonly number[], lastSeen: number = offsets.at(-1) ?? -1): FetchedBatch {
  return {
    messages: offsets.map((offset) => ({
      offset: String(offset),
      timestamp: '1700000000000',
      key: null,
      value: Buffer.from(`{"memberId":1,"billId":${offset + 1}}`),
    })),
    firstOffset: () => String(offsets[0] ?? lastSeen),
    lastOffset: () => String(lastSeen),
  };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
