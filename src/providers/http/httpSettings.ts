import { z } from 'zod';
import { type Channel, channelNames, type PerChannel, perChannel } from '../../channels.ts';
import type { ProcessFacts } from '../providerKind.ts';

const gatewayUrl = z
  .url({ protocol: /^https?$/, error: 'wants a URL such as https://gateway.example.com/email', abort: true })
  .refine((url) => new URL(url).hash === '', 'must not have a # part: it is never sent to a server')
  .optional();
const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'cannot stand in a header')
  .optional();
const lookupTrust = z.enum(['authoritative', 'advisory', 'none']).default('none');
const file = z.string().min(1).optional();

type GatewayShape = { readonly [C in Channel as `HTTP_${C}_URL`]: typeof gatewayUrl } & {
  readonly [C in Channel as `HTTP_${C}_TOKEN`]: typeof token;
} & { readonly [C in Channel as `HTTP_${C}_LOOKUP`]: typeof lookupTrust };

/** How all gateways and APIs are reached. */
export const connectionShape = {
  HTTP_CONCURRENCY: z.coerce.number().int().min(1).default(8_000),
  HTTP_VERSION: z.enum(['1.1', '2']).default('1.1'),
  HTTP_KEEP_ALIVE_MS: z.coerce.number().int().min(0).max(600_000).default(1_000),
  HTTP_CA_FILE: file,
  HTTP_CERT_FILE: file,
  HTTP_KEY_FILE: file,
  HTTP_PROXY_URL: z.url({ protocol: /^https?$/ }).optional(),
};

/** The settings of the HTTP provider, as a part of the schema of all settings. */
export const httpShape = {
  ...gatewayShape(),
  ...connectionShape,
};

/** One gateway per channel. */
function gatewayShape(): GatewayShape {
  const entries = channelNames.flatMap((channel) => [
    [`HTTP_${channel}_URL`, gatewayUrl],
    [`HTTP_${channel}_TOKEN`, token],
    [`HTTP_${channel}_LOOKUP`, lookupTrust],
  ]);
  return Object.fromEntries(entries);
}

/** URLs are secrets too: each may hold a user and a password. */
export const secretHttpSettings: readonly string[] = [
  ...channelNames.map((channel) => `HTTP_${channel}_URL`),
  ...channelNames.map((channel) => `HTTP_${channel}_TOKEN`),
  'HTTP_PROXY_URL',
];

type HttpEnvironment = z.infer<z.ZodObject<typeof httpShape>>;

export function httpSettingsOf(env: HttpEnvironment) {
  return { ...connectionSettingsOf(env), gateways: gatewaysOf(env) };
}

export function connectionSettingsOf(env: z.infer<z.ZodObject<typeof connectionShape>>) {
  return {
    concurrency: env.HTTP_CONCURRENCY,
    keepAliveMs: env.HTTP_KEEP_ALIVE_MS,
    connections: {
      caFile: env.HTTP_CA_FILE,
      certFile: env.HTTP_CERT_FILE,
      keyFile: env.HTTP_KEY_FILE,
      proxyUrl: env.HTTP_PROXY_URL,
      version: env.HTTP_VERSION,
    },
  };
}

/** How one channel's gateway is reached, and how far its look-up is believed. */
export interface GatewaySettings {
  readonly url: string;
  /** The value of the header. */
  readonly authorization: string | undefined;
  readonly lookup: 'authoritative' | 'advisory' | 'none';
}

function gatewaysOf(env: HttpEnvironment): PerChannel<GatewaySettings> {
  return perChannel((channel) => ({
    ...access(env[`HTTP_${channel}_URL`], env[`HTTP_${channel}_TOKEN`]),
    lookup: env[`HTTP_${channel}_LOOKUP`],
  }));
}

/** The rules between these settings that are broken; `channels` are those that use this provider. */
export function httpProblems(
  env: HttpEnvironment,
  { isProduction }: ProcessFacts,
  channels: readonly Channel[],
): string[] {
  const problems = channels.flatMap((channel) => gatewayProblems(env, channel, isProduction));
  if ((env.HTTP_CERT_FILE === undefined) !== (env.HTTP_KEY_FILE === undefined)) {
    problems.push('HTTP_CERT_FILE and HTTP_KEY_FILE go together: set both or none');
  }
  return problems;
}

function gatewayProblems(env: HttpEnvironment, channel: Channel, isProduction: boolean): string[] {
  const url = env[`HTTP_${channel}_URL`];
  if (url === undefined) return [`HTTP_${channel}_URL must be set if PROVIDER_${channel} names http`];
  const { protocol, hostname, username } = new URL(url);
  const problems: string[] = [];
  if (username !== '' && env[`HTTP_${channel}_TOKEN`] !== undefined) {
    problems.push(
      `HTTP_${channel}_URL has a user in it and HTTP_${channel}_TOKEN is set: only one of them can be sent`,
    );
  }
  if (isProduction && protocol === 'http:' && !isLoopback(hostname)) {
    problems.push(
      `HTTP_${channel}_URL must be https with NODE_ENV=production: ` +
        'names, addresses and amounts would be sent unencrypted',
    );
  }
  if (env.HTTP_VERSION === '2') {
    if (env[`HTTP_${channel}_LOOKUP`] === 'authoritative') {
      problems.push(noNeverByStreams(`HTTP_${channel}_LOOKUP=authoritative`));
    }
    if (protocol === 'http:' && env.HTTP_PROXY_URL !== undefined) {
      problems.push(`HTTP_${channel}_URL must be https for HTTP_VERSION=2 through HTTP_PROXY_URL`);
    }
  }
  return problems;
}

/** @param trust the setting that makes a look-up prove "never" */
export function noNeverByStreams(trust: string): string {
  return (
    `${trust} needs HTTP_VERSION=1.1: with 2 a request that timed out is cancelled, but its connection lives ` +
    'on and may still deliver it, so no look-up proves that it never will be accepted'
  );
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname) || /^(?:.+\.)?localhost$/.test(hostname)
  );
}

/** A user in the URL becomes a header: URLs are logged, headers are not. */
function access(given: string | undefined, bearer: string | undefined) {
  const url = new URL(given ?? 'https://unset.invalid/');
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = username === '' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    url: given === undefined ? '' : url.href,
    authorization: bearer === undefined ? basic : `Bearer ${bearer}`,
  };
}
