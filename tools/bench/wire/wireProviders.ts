import type { Config } from '../../../src/config/loadConfig.ts';
import { BillcastError } from '../../../src/errors.ts';
import type { BareClient } from './bareClient.ts';
import { createBareHttp2Client } from './bareHttp2Client.ts';
import { createBareHttpClient } from './bareHttpClient.ts';
import { createBareSmtpClient } from './bareSmtpClient.ts';
import { measureSmtpSource } from './postfix.ts';

/** How one kind of provider is measured on the wire. */
export interface WireProvider {
  /** The module of the process on the other side. It says `{ port }` when it listens. */
  readonly counterpart: string;
  /** After how long it answers if `--delay` does not say. */
  readonly usualDelayMs: number;
  /** The product's settings for it. All others stay at their defaults. */
  settings(port: number): Readonly<Record<string, string>>;
  /** The floor's client, by the same settings. */
  createBareClient(config: Config): BareClient;
  /** Another project's program that only sends, by the same settings: messages per second. */
  readonly rival?: { readonly name: string; measure(port: number, connections: number): Promise<number> };
}

/** To add a kind, add a line here, a counterpart and a bare client. */
const wireProviders = {
  http: {
    counterpart: 'tools/bench/wire/httpCounterpart.ts',
    usualDelayMs: 1_000,
    settings: httpSettings,
    createBareClient: bareHttpClient,
  },
  http2: {
    counterpart: 'tools/bench/wire/http2Counterpart.ts',
    usualDelayMs: 1_000,
    settings: (port) => ({ ...httpSettings(port), HTTP_VERSION: '2' }),
    createBareClient: bareHttpClient,
  },
  smtp: {
    counterpart: 'tools/bench/wire/smtpCounterpart.ts',
    // A relay queues a message and replies. By default there are few connections.
    usualDelayMs: 0,
    settings: smtpSettings,
    createBareClient: bareSmtpClient,
  },
  postfix: {
    counterpart: 'tools/bench/wire/postfixCounterpart.ts',
    usualDelayMs: 0,
    settings: smtpSettings,
    createBareClient: bareSmtpClient,
    rival: { name: 'smtp-source', measure: measureSmtpSource },
  },
} as const satisfies Readonly<Record<string, WireProvider>>;

export type WireProviderName = keyof typeof wireProviders;

export const wireProviderNames = Object.keys(wireProviders) as WireProviderName[];

function httpSettings(port: number): Readonly<Record<string, string>> {
  return {
    PROVIDER_EMAIL: 'http',
    PROVIDER_SMS: 'http',
    HTTP_EMAIL_URL: `http://127.0.0.1:${port}/email`,
    HTTP_SMS_URL: `http://127.0.0.1:${port}/sms`,
  };
}

/** Both versions are the provider `http`: its setting says which one. */
function bareHttpClient({ providerSettings: { http } }: Config): BareClient {
  const target = new URL(http.gateways.EMAIL.url);
  return http.connections.version === '2'
    ? createBareHttp2Client(target, http.concurrency)
    : createBareHttpClient(target, http.concurrency);
}

function smtpSettings(port: number): Readonly<Record<string, string>> {
  return {
    PROVIDER_EMAIL: 'smtp',
    SMTP_URL: `smtp://127.0.0.1:${port}?tls=off`,
    SMTP_FROM: 'Bench <bill@bench.invalid>',
  };
}

function bareSmtpClient({ providerSettings: { smtp } }: Config): BareClient {
  const [relay] = smtp.relays;
  if (relay === undefined) throw new TypeError('SMTP_URL names no relay');
  return createBareSmtpClient(relay, smtp.concurrency);
}

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
