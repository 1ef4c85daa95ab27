import type { Consumer } from 'kafkajs';

/** One way to consume. Resolves when it consumes. */
export type ConsumerUnderTest = (deps: {
  readonly consumer: Consumer;
  readonly topic: string;
  /** Resolves when the provider has accepted the bill. */
  readonly send: (billId: string) => Promise<void>;
}) => Promise<void>;
