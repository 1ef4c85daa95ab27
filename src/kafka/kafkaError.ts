/** The root of a Kafka error: kafkajs wraps the broker's answer, often twice. */
export interface KafkaFault {
  readonly name: string;
  /** The broker's own code, such as `ILLEGAL_GENERATION`; undefined if no broker answered. */
  readonly type: string | undefined;
  readonly retriable: boolean;
}

/** Finds the error inside kafkajs's wrappers. */
export function classifyKafkaError(error: unknown): KafkaFault {
  const chain = causesOf(error);
  const root = chain.at(-1);
  return {
    name: root instanceof Error ? root.name : typeof root,
    type: chain.map((cause) => textField(cause, 'type')).find((type) => type !== undefined),
    retriable: chain.some((cause) => hasTransientName(cause)) || isRetriable(root),
  };
}

/** Answers that are normal during a rebalance: the next commit, after the join, succeeds. */
export function isRebalanceFault({ type }: KafkaFault): boolean {
  return type === 'ILLEGAL_GENERATION' || type === 'REBALANCE_IN_PROGRESS' || type === 'UNKNOWN_MEMBER_ID';
}

// A cause may point back at itself.
const maxDepth = 8;

/** An error followed by its causes. */
export function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let cause = error; cause !== undefined && chain.length < maxDepth; ) {
    chain.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return chain;
}

// kafkajs calls these not retriable, yet all they mean is that a broker cannot be reached.
const transientNames = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
]);

function hasTransientName(cause: unknown): boolean {
  return cause instanceof Error && transientNames.has(cause.name);
}

function isRetriable(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'retriable' in cause && cause.retriable === true;
}

function textField(cause: unknown, field: string): string | undefined {
  const value: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}
