import type { Consumer } from 'kafkajs';
import { createBenchSemaphore } from './benchSemaphore.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const inFlight = 10_000;
const commitEveryMs = 1_000;

/**
 * Sends everything at once, up to a limit, and commits the lowest offset that is not done. It is fast and
 * loses nothing. But after a crash it sends again what was done beyond the commit: one offset cannot say
 * which.
 */
export const asyncParallel: ConsumerUnderTest = async ({ consumer, topic, send }) => {
  const semaphore = createBenchSemaphore(inFlight);
  const positions = new Map<number, Position>();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, heartbeat }) => {
      const position = positions.get(batch.partition) ?? { unfinished: new Set(), next: '0' };
      positions.set(batch.partition, position);
      for (const { offset, key } of batch.messages) {
        await semaphore.acquire();
        position.unfinished.add(offset);
        position.next = String(BigInt(offset) + 1n);
        void send(String(key)).finally(() => {
          position.unfinished.delete(offset);
          semaphore.release();
        });
      }
      await heartbeat();
    },
  });
  setInterval(() => void commit(consumer, topic, positions).catch(() => undefined), commitEveryMs);
};

interface Position {
  /** In the order of offsets, so the first is the lowest. */
  readonly unfinished: Set<string>;
  next: string;
}

async function commit(
  consumer: Consumer,
  topic: string,
  positions: ReadonlyMap<number, Position>,
): Promise<void> {
  await consumer.commitOffsets(
    Array.from(positions, ([partition, { unfinished, next }]) => ({
      topic,
      partition,
      offset: unfinished.values().next().value ?? next,
    })),
  );
}
