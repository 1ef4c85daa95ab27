import type { Consumer } from 'kafkajs';
import { createSlots } from './benchSlots.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const inFlight = 10_000;
const commitEveryMs = 1_000;

/**
 * Every send under way at once up to a limit; what is committed is the lowest offset that is not done. Fast
 * and nothing is lost, but all that was done beyond the commit is sent a second time after a crash: an offset
 * cannot say which.
 */
export const asyncParallel: ConsumerUnderTest = async ({ consumer, topic, send }) => {
  const slots = createSlots(inFlight);
  const positions = new Map<number, Position>();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, heartbeat }) => {
      const position = positions.get(batch.partition) ?? { unfinished: new Set(), next: '0' };
      positions.set(batch.partition, position);
      for (const { offset, key } of batch.messages) {
        await slots.take();
        position.unfinished.add(offset);
        position.next = String(BigInt(offset) + 1n);
        void send(String(key)).finally(() => {
          position.unfinished.delete(offset);
          slots.give();
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
