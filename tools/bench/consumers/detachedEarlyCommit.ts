import { createBenchSemaphore } from './benchSemaphore.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const inFlight = 100;

/**
 * Starts the send and lets the offset pass at once, as a service does that hands its sends to a thread pool.
 * It is fast, but what is in flight at a crash is never sent.
 */
export const detachedEarlyCommit: ConsumerUnderTest = async ({ consumer, send }) => {
  const semaphore = createBenchSemaphore(inFlight);
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => {
      await semaphore.acquire();
      void send(String(message.key)).finally(semaphore.release);
    },
  });
};
