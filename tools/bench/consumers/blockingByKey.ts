import type { EachBatchPayload } from 'kafkajs';
import { createBenchSemaphore } from './benchSemaphore.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const workers = 16;

/**
 * A fixed number of workers, each blocked by its send, with the messages of one key in order. Offsets are
 * committed after every few messages. Messages since the last commit are sent twice. As fast as there are
 * workers.
 */
export const blockingByKey: ConsumerUnderTest = async ({ consumer, send }) => {
  const semaphore = createBenchSemaphore(workers);
  const sendInOrder = async (billIds: readonly string[]): Promise<void> => {
    await semaphore.acquire();
    try {
      for (const billId of billIds) await send(billId);
    } finally {
      semaphore.release();
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

/** Few enough for a heartbeat and a commit after each part. */
const messagesPerPart = workers * 2;

function chunk(messages: EachBatchPayload['batch']['messages']) {
  return Array.from({ length: Math.ceil(messages.length / messagesPerPart) }, (_, part) =>
    messages.slice(part * messagesPerPart, (part + 1) * messagesPerPart),
  );
}
