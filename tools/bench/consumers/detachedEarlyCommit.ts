import { createSlots } from './benchSlots.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';

const inFlight = 100;

/**
 * Starts the send and lets the offset go at once, as a service does that hands its sends to a thread pool.
 * Fast, and what is in flight at a crash is never sent.
 */
export const detachedEarlyCommit: ConsumerUnderTest = async ({ consumer, send }) => {
  const slots = createSlots(inFlight);
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => {
      await slots.take();
      void send(String(message.key)).finally(slots.give);
    },
  });
};
