import type { EachBatchPayload } from 'kafkajs';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';
import { createSlots } from './slots.ts';

const workers = 16;

/**
 * A fixed number of workers, each blocked by its send; messages of one key in order. An offset is committed with its
 * batch. Safe up to the messages since the last commit, which are sent twice; as fast as there are workers.
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
    partitionsConsumedConcurrently: workers,
    eachBatch: async ({ batch, heartbeat, isRunning }) => {
      for (const messages of partsOf(batch.messages)) {
        if (!isRunning()) return;
        const byKey = Map.groupBy(messages, ({ key }) => String(key));
        await Promise.all(Array.from(byKey, ([key, same]) => sendInOrder(same.map(() => key))));
        await heartbeat();
      }
    },
  });
};

const messagesAPart = 100;

/** Small enough to send a heartbeat in between. */
const partsOf = (messages: EachBatchPayload['batch']['messages']) =>
  Array.from({ length: Math.ceil(messages.length / messagesAPart) }, (_, part) =>
    messages.slice(part * messagesAPart, (part + 1) * messagesAPart),
  );
