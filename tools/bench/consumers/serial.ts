import type { ConsumerUnderTest } from './consumerUnderTest.ts';

/** One message after the other, each committed when it is done. Safe, and as slow as the provider. */
export const serial: ConsumerUnderTest = async ({ consumer, send }) => {
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => send(String(message.key)),
  });
};
