import { type Channel, type PerChannel, perChannel } from '../../src/channels.ts';
import type { AskedProvider } from '../../src/db/reads/inDoubt.ts';
import type {
  EncodedMessage,
  LookupAnswer,
  Provider,
  SendAnswer,
  SendAttempt,
} from '../../src/providers/provider.ts';
import type { Providers } from '../../src/providers/providerKind.ts';

/** A provider whose answers the test gives, and what it was asked. */
export interface FakeProvider extends Provider {
  readonly sent: { readonly message: EncodedMessage; readonly options: SendAttempt }[];
  readonly lookedUp: string[];
}

/** The only provider of each channel. */
export function onlyProviders(providers: PerChannel<Provider>): Providers {
  return perChannel((route) => {
    const provider = providers[route];
    return [{ route, provider, name: provider.name, weight: 1 }];
  });
}

/** The only provider of each of these channels. */
export function askedAt(channels: readonly Channel[]): AskedProvider[] {
  return channels.map((channel) => ({ channel, provider: 'fake', isOnly: true }));
}

export function createFakeProvider(
  answers: {
    send?: (message: EncodedMessage, options: SendAttempt) => Promise<SendAnswer>;
    lookup?: (idempotencyKey: string) => Promise<LookupAnswer>;
    concurrency?: number;
    name?: string;
    lookupsAtOnce?: number;
  } = {},
): FakeProvider {
  const sent: FakeProvider['sent'] = [];
  const lookedUp: string[] = [];
  return {
    name: answers.name ?? 'fake',
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
