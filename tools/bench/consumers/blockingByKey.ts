import type { EachBatchPayload } from 'kafkajs';
import { createSlots } from './benchSlots.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const workers = 16;

/**
 * A fixed number of workers, each blocked by its send; messages of one key in order. Offsets are committed
 * when a few messages are done. Safe up to the messages since the last commit, which are sent twice; as fast
 * as there are workers.
 */
export const blockingByKey: ConsumerUnderTest = async ({ consumer, send }) => {
  const slots = createSlots(workers);
  const sendInOrder = async (billIds: readonly string[]): Promise<void> => {
    await slots.take();
    try {
      for (const billId of billIds) await send(billId);
    } finally {
      slots.give();
    }
  };
  await consumer.run({
    autoCommitThreshold: 1,
    eachBatch: async ({ batch, heartbeat, isRunning, resolveOffset, commitOffsetsIfNecessary }) => {
      for (const messages of chunk(batch.messages)) {
        if (!isRunning()) return;
        const byKey = Map.groupBy(messages, ({ key }) => String(key));
        await Promise.all(Array.from(byKey, ([key, same]) => sendInOrder(same.map(() => key))));
        resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
        await commitOffsetsIfNecessary();
        await heartbeat();
      }
    },
    eachBatchAutoResolve: false,
  });
};

/** Small enough for a heartbeat and a commit in between. */
const messagesAPart = workers * 2;

function chunk(messages: EachBatchPayload['batch']['messages']) {
  return Array.from({ length: Math.ceil(messages.length / messagesAPart) }, (_, part) =>
    messages.slice(part * messagesAPart, (part + 1) * messagesAPart),
  );
}
