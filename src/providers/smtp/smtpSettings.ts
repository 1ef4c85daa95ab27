import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { type Channel, channels } from '../../channels.ts';
import type { TokenOrigin } from '../../lib/readToken.ts';
import { isLoopback } from '../http/httpSettings.ts';
import type { ProcessFacts } from '../providerKind.ts';
import { readDomainRates } from './domainPace.ts';
import { readMailbox } from './mailbox.ts';
import { type Relay, readRelays } from './relayUrl.ts';
import { noWarmup, readWarmupPlan } from './warmupPlan.ts';

const file = z.string().min(1).optional();

/** The settings of mail servers, as a part of the schema of all settings. */
export const smtpShape = {
  SMTP_URL: readBy(readRelays).optional(),
  SMTP_FROM: readBy(readMailbox).optional(),
  SMTP_REPLY_TO: readBy(readMailbox).optional(),
  SMTP_BOUNCE_ADDRESS: readBy(readMailbox).optional(),
  SMTP_DSN: z
    .string()
    .default('failure,delay')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.union([z.tuple([z.literal('none')]), z.array(z.enum(['failure', 'delay', 'success']))])),
  SMTP_NAME: z
    .string()
    .regex(/^[\w.:[\]-]+$/, 'must be a host name')
    .optional(),
  SMTP_FEEDBACK_ID: z
    .string()
    .regex(/^[\w.-]{5,15}$/, 'must have 5 to 15 letters, digits, dots and hyphens')
    .default('billcast'),
  SMTP_TOKEN_FILE: file,
  SMTP_TOKEN_COMMAND: z.string().min(1).optional(),
  SMTP_CA_FILE: file,
  SMTP_CERT_FILE: file,
  SMTP_KEY_FILE: file,
  SMTP_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(20),
  SMTP_MESSAGES_PER_CONNECTION: z.coerce.number().int().min(1).default(100),
  SMTP_IDLE_MS: z.coerce.number().int().min(0).max(600_000).default(5_000),
  SMTP_DOMAIN_RATES: readBy(readDomainRates).optional(),
  SMTP_WARMUP: readBy(readWarmupPlan).optional(),
  SMTP_REPLY_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(600_000),
  SMTP_DKIM_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'must be a domain')
    .optional(),
  SMTP_DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9._-]+$/i, 'must be a name in DNS')
    .optional(),
  SMTP_DKIM_KEY: z.string().refine(isRsaKey, 'must be the PEM of an RSA key').optional(),
};

export const secretSmtpSettings: readonly string[] = ['SMTP_URL', 'SMTP_DKIM_KEY'];

/** A setting that a function reads. The function's error says what is wrong. */
export function readBy<T>(read: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

type SmtpEnvironment = z.infer<z.ZodObject<typeof smtpShape>>;

/** Call it only if the provider is used and `smtpProblems` found nothing. */
export function smtpSettingsOf(env: SmtpEnvironment, { tokenKeys }: ProcessFacts) {
  const from = env.SMTP_FROM ?? readMailbox('unset@unset.invalid');
  const { SMTP_DKIM_SELECTOR: selector, SMTP_DKIM_KEY: privateKey } = env;
  return {
    relays: env.SMTP_URL ?? [],
    name: env.SMTP_NAME,
    token: tokenSourceOf(env),
    tls: { caFile: env.SMTP_CA_FILE, certFile: env.SMTP_CERT_FILE, keyFile: env.SMTP_KEY_FILE },
    concurrency: env.SMTP_CONCURRENCY,
    messagesPerConnection: env.SMTP_MESSAGES_PER_CONNECTION,
    idleMs: env.SMTP_IDLE_MS,
    replyTimeoutMs: env.SMTP_REPLY_TIMEOUT_MS,
    domainRates: env.SMTP_DOMAIN_RATES ?? new Map<string, number>(),
    warmup: env.SMTP_WARMUP ?? noWarmup,
    envelope: {
      from,
      bounce: env.SMTP_BOUNCE_ADDRESS,
      notify: env.SMTP_DSN.flatMap((word) => (word === 'none' ? [] : [word])),
    },
    compose: {
      from,
      replyTo: env.SMTP_REPLY_TO,
      feedbackId: env.SMTP_FEEDBACK_ID,
      tokenKeys,
      dkim:
        selector === undefined || privateKey === undefined
          ? undefined
          : { domain: env.SMTP_DKIM_DOMAIN ?? from.domain, selector, privateKey },
    },
  };
}

/** The rules between these settings that are broken; `used` are the channels that use this provider. */
export function smtpProblems(env: SmtpEnvironment, facts: ProcessFacts, used: readonly Channel[]): string[] {
  if (used.length === 0) return [];
  const problems = used
    .filter((channel) => channels[channel].message.kind !== 'email')
    .map((channel) => `PROVIDER_${channel} cannot be smtp, which sends e-mails only`);
  const named = used.map((channel) => `PROVIDER_${channel}`).join(' and ');
  if (env.SMTP_URL === undefined) problems.push(`SMTP_URL must be set if ${named} is smtp`);
  if (env.SMTP_FROM === undefined) problems.push(`SMTP_FROM must be set if ${named} is smtp`);
  if (facts.tokenKeys.length === 0) {
    problems.push(`CIPHER_KEYS must be set if ${named} is smtp: Message-IDs are signed by a key made of it`);
  }
  if (env.SMTP_REPLY_TIMEOUT_MS < facts.sendTimeoutMs) {
    problems.push('SMTP_REPLY_TIMEOUT_MS must be at least SEND_TIMEOUT_MS');
  }
  return [...problems, ...pairProblems(env), ...relayProblems(env, facts)];
}

function pairProblems(env: SmtpEnvironment): string[] {
  const problems: string[] = [];
  if ((env.SMTP_CERT_FILE === undefined) !== (env.SMTP_KEY_FILE === undefined)) {
    problems.push('SMTP_CERT_FILE and SMTP_KEY_FILE go together: set both or none');
  }
  if ((env.SMTP_DKIM_SELECTOR === undefined) !== (env.SMTP_DKIM_KEY === undefined)) {
    problems.push('SMTP_DKIM_SELECTOR and SMTP_DKIM_KEY go together: set both or none');
  }
  const tokens = [env.SMTP_TOKEN_FILE, env.SMTP_TOKEN_COMMAND].filter((source) => source !== undefined);
  const wantsToken = (env.SMTP_URL ?? []).some(({ login }) => login?.method === 'XOAUTH2');
  if (wantsToken && tokens.length !== 1) {
    problems.push('auth=xoauth2 in SMTP_URL needs one of SMTP_TOKEN_FILE and SMTP_TOKEN_COMMAND');
  }
  if (!wantsToken && tokens.length > 0) {
    problems.push('SMTP_TOKEN_FILE and SMTP_TOKEN_COMMAND are only for auth=xoauth2 in SMTP_URL');
  }
  return problems;
}

/** Bills and passwords must not cross a network unencrypted. */
function relayProblems({ SMTP_URL: relays = [] }: SmtpEnvironment, { isProduction }: ProcessFacts): string[] {
  if (!isProduction) return [];
  return relays
    .filter(isExposed)
    .map(({ host, tls }) =>
      tls === 'off'
        ? `SMTP_URL must not say tls=off for ${host} with NODE_ENV=production: names and amounts would be sent unencrypted`
        : `SMTP_URL must not say tls=opportunistic for ${host} with a password and NODE_ENV=production: ` +
          'whoever is between can have it sent unencrypted',
    );
}

function isExposed({ host, tls, login }: Relay): boolean {
  if (isLoopback(host)) return false;
  return tls === 'off' || (tls === 'opportunistic' && login !== undefined);
}

function tokenSourceOf(env: SmtpEnvironment): TokenOrigin | undefined {
  const { SMTP_TOKEN_FILE: path, SMTP_TOKEN_COMMAND: command } = env;
  if (path !== undefined) return { from: 'file', file: path };
  return command === undefined ? undefined : { from: 'command', command };
}
