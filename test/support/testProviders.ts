import type {
  EncodedMessage,
  LookupAnswer,
  Provider,
  SendAnswer,
  SendAttempt,
} from '../../src/providers/provider.ts';

/** A provider whose answers the test gives, and what it was asked. */
export interface FakeProvider extends Provider {
  readonly sent: { readonly message: EncodedMessage; readonly options: SendAttempt }[];
  readonly lookedUp: string[];
}

export function createFakeProvider(
  answers: {
    send?: (message: EncodedMessage, options: SendAttempt) => Promise<SendAnswer>;
    lookup?: (idempotencyKey: string) => Promise<LookupAnswer>;
    concurrency?: number;
    lookupsAtOnce?: number;
  } = {},
): FakeProvider {
  const sent: FakeProvider['sent'] = [];
  const lookedUp: string[] = [];
  return {
    name: 'fake',
    concurrency: answers.concurrency ?? Number.POSITIVE_INFINITY,
    lookupsAtOnce: answers.lookupsAtOnce ?? Number.POSITIVE_INFINITY,
    sent,
    lookedUp,
    send(message, options) {
      sent.push({ message, options });
      return answers.send?.(message, options) ?? Promise.resolve({ kind: 'accepted', providerId: 'fake-1' });
    },
    lookup(idempotencyKey) {
      lookedUp.push(idempotencyKey);
      return answers.lookup?.(idempotencyKey) ?? Promise.resolve('cannotTell');
    },
    stop: () => Promise.resolve(),
  };
}
