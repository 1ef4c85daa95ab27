import type { Config } from '../../../src/config/loadConfig.ts';
import { BillcastError } from '../../../src/errors.ts';
import { createBareHttpClient } from './bareHttpClient.ts';

/** Sends a message and calls back when it was answered, as cheaply as we know how. */
export interface BareClient {
  send(key: string, body: Uint8Array, answered: () => void): void;
}

/** How one kind of provider is measured on the wire. */
export interface WireProvider {
  /** The module of the process on the other side. It says `{ port }` when it listens. */
  readonly counterpart: string;
  /** The product's settings for it. All others stay at their defaults. */
  settings(port: number): Readonly<Record<string, string>>;
  /** The floor's client, by the same settings. */
  createBareClient(config: Config): BareClient;
}

/** A further kind is a line here, with a counterpart and a bare client. */
const wireProviders = {
  http: {
    counterpart: 'tools/bench/wire/httpCounterpart.ts',
    settings: (port) => ({
      PROVIDER_EMAIL: 'http',
      PROVIDER_SMS: 'http',
      HTTP_EMAIL_URL: `http://127.0.0.1:${port}/email`,
      HTTP_SMS_URL: `http://127.0.0.1:${port}/sms`,
    }),
    createBareClient: ({ providerSettings: { http } }) =>
      createBareHttpClient(new URL(http.gateways.EMAIL.url), http.concurrency),
  },
} as const satisfies Readonly<Record<string, WireProvider>>;

export type WireProviderName = keyof typeof wireProviders;

export const wireProviderNames = Object.keys(wireProviders) as WireProviderName[];

/** @throws BillcastError INVALID_ARGUMENT for a provider without a wire */
export function wireProviderOf(name: string): WireProvider {
  if (!Object.hasOwn(wireProviders, name)) {
    throw new BillcastError(
      'CONFIG_INVALID',
      `no counterpart for provider ${name}: ${wireProviderNames.join(', ')}`,
    );
  }
  return wireProviders[name as WireProviderName];
}
