import { z } from 'zod';

const gatewayUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).hash === '', 'must have nothing after a #: no server ever sees it')
  .optional();
const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'cannot stand in a header')
  .optional();
const lookupTrust = z.enum(['authoritative', 'advisory', 'none']).default('none');
const file = z.string().min(1).optional();

/** The settings of the HTTP provider, as a part of the schema of all settings. */
export const httpShape = {
  HTTP_EMAIL_URL: gatewayUrl,
  HTTP_SMS_URL: gatewayUrl,
  HTTP_EMAIL_TOKEN: token,
  HTTP_SMS_TOKEN: token,
  HTTP_EMAIL_LOOKUP: lookupTrust,
  HTTP_SMS_LOOKUP: lookupTrust,
  HTTP_CONCURRENCY: z.coerce.number().int().min(1).default(256),
  HTTP_KEEP_ALIVE_MS: z.coerce.number().int().min(0).max(600_000).default(1_000),
  HTTP_CA_FILE: file,
  HTTP_CERT_FILE: file,
  HTTP_KEY_FILE: file,
  HTTP_PROXY_URL: z.url({ protocol: /^https?$/ }).optional(),
};

export type HttpSettings = z.infer<z.ZodObject<typeof httpShape>>;

export function httpSettingsOf(env: HttpSettings) {
  return {
    concurrency: env.HTTP_CONCURRENCY,
    keepAliveMs: env.HTTP_KEEP_ALIVE_MS,
    connections: {
      caFile: env.HTTP_CA_FILE,
      certFile: env.HTTP_CERT_FILE,
      keyFile: env.HTTP_KEY_FILE,
      proxyUrl: env.HTTP_PROXY_URL,
    },
    EMAIL: { ...access(env.HTTP_EMAIL_URL, env.HTTP_EMAIL_TOKEN), lookup: env.HTTP_EMAIL_LOOKUP },
    SMS: { ...access(env.HTTP_SMS_URL, env.HTTP_SMS_TOKEN), lookup: env.HTTP_SMS_LOOKUP },
  };
}

/** What of these settings cannot be; `PROVIDER_...` says which of them are used. */
export function httpProblems(
  env: HttpSettings & {
    readonly NODE_ENV: string;
    readonly PROVIDER_EMAIL?: string | undefined;
    readonly PROVIDER_SMS?: string | undefined;
  },
): string[] {
  const gateways = [
    { name: 'EMAIL', provider: env.PROVIDER_EMAIL, url: env.HTTP_EMAIL_URL, token: env.HTTP_EMAIL_TOKEN },
    { name: 'SMS', provider: env.PROVIDER_SMS, url: env.HTTP_SMS_URL, token: env.HTTP_SMS_TOKEN },
  ];
  const problems = gateways
    .filter(({ provider }) => provider === 'http')
    .flatMap((gateway) => gatewayProblems(gateway, env.NODE_ENV === 'production'));
  if ((env.HTTP_CERT_FILE === undefined) !== (env.HTTP_KEY_FILE === undefined)) {
    problems.push('HTTP_CERT_FILE and HTTP_KEY_FILE go together: set both or none');
  }
  return problems;
}

function gatewayProblems(
  { name, url, token: given }: { name: string; url: string | undefined; token: string | undefined },
  production: boolean,
): string[] {
  if (url === undefined) return [`HTTP_${name}_URL must be set where PROVIDER_${name} is http`];
  const { protocol, hostname, username } = new URL(url);
  const problems: string[] = [];
  if (username !== '' && given !== undefined) {
    problems.push(
      `HTTP_${name}_URL has a user in it and HTTP_${name}_TOKEN is set: only one of them can be sent`,
    );
  }
  if (production && protocol === 'http:' && !isLoopback(hostname)) {
    problems.push(
      `HTTP_${name}_URL must be https with NODE_ENV=production: names, addresses and amounts would go in the clear`,
    );
  }
  return problems;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname) || /^(?:.+\.)?localhost$/.test(hostname)
  );
}

/** A user in the URL becomes a header: a URL is shown in logs, and a header is not. */
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
