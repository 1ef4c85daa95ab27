import type { Consumer } from 'kafkajs';

/** One way to consume: `run` returns when it consumes. */
export type ConsumerUnderTest = (parts: {
  readonly consumer: Consumer;
  readonly topic: string;
  /** Takes the provider's time, then the bill is accepted for good. */
  readonly send: (billId: string) => Promise<void>;
}) => Promise<void>;
