import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { cipherProblems, cipherSettingsOf, cipherShape } from './cipherConfig.ts';
import { parseServerUrl } from './db/serverUrl.ts';
import { BillcastError } from './errors.ts';
import { httpProblems, httpSettingsOf, httpShape } from './httpConfig.ts';
import { kafkaProblems, kafkaSecurityOf, kafkaShape } from './kafkaConfig.ts';
import { withSecretFiles } from './secretFiles.ts';
import { troubleLimit } from './send/brake/verdict.ts';

/** The project's folder; templates and the data of the embedded servers are in it. */
export const projectDir = join(import.meta.dirname, '..');

/** A longer timer of Node's fires at once. */
const longestTimerMs = 2 ** 31 - 1;
/** Of what the database waits for. */
const longestSpanMs = 366 * 86_400_000;
const longestDays = 36_500;
const milliseconds = (fallback: number, minimum = 1, maximum = longestTimerMs) =>
  z.coerce.number().int().min(minimum).max(maximum).default(fallback);
const count = (fallback: number, { least = 1, most }: { least?: number; most: number }) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const share = (fallback: number) => z.coerce.number().min(0).max(1).default(fallback);
const topic = (fallback: string) =>
  z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'is not a Kafka topic name')
    .default(fallback);
const timeZone = z
  .string()
  .refine(isTimeZone, 'is not an IANA time zone, such as Asia/Seoul')
  .default('Asia/Seoul');

/** Simulated unless it is named, except in production, where it must be named. */
const providerName = z.enum(['simulated', 'http']).optional();

const serverUrl = z.string().superRefine((text, context) => {
  try {
    parseServerUrl(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

const settings = z.object({
  NODE_ENV: z.string().default('development'),
  ...kafkaShape,
  KAFKA_GROUP_ID: z.string().min(1).default('billcast'),
  TOPIC_EMAIL: topic('bill.email'),
  TOPIC_SMS: topic('bill.sms'),
  TOPIC_DLT: topic('bill.dlt'),
  KAFKA_PARTITIONS: count(8, { most: 10_000 }),
  KAFKA_SESSION_TIMEOUT_MS: milliseconds(10_000, 6_000, 1_800_000),
  DATABASE_URL: serverUrl.optional(),
  DB_POOL_SIZE: count(8, { least: 2, most: 1_000 }),
  POOL_THREADS: count(Math.max(1, Math.min(2, availableParallelism())), { most: 256 }),
  MAX_IN_FLIGHT: count(20_000, { least: 16, most: 1_000_000 }),
  RENDER_TIMEOUT_MS: milliseconds(10_000, 100, 600_000),
  BATCH_SIZE: count(500, { most: 10_000 }),
  CLAIM_TTL_MS: milliseconds(10_000, 1_000),
  START_DEADLINE_MS: milliseconds(5_000, 100),
  SEND_TIMEOUT_MS: milliseconds(10_000, 100),
  SWEEP_INTERVAL_MS: milliseconds(5_000, 500),
  ORPHAN_AFTER_MS: milliseconds(60_000, 1_000),
  EARLY_EVENT_LETTER_MS: milliseconds(10_000, 0, longestSpanMs),
  EARLY_EVENT_MAX_MS: milliseconds(3_600_000, 0, longestSpanMs),
  BATCH_MAX_AGE_MS: milliseconds(120_000, 1_000),
  STOP_TIMEOUT_MS: milliseconds(25_000, 1_000),
  RETRANSMIT_DELAY_MS: milliseconds(600_000, 0, longestSpanMs),
  RETRANSMIT_MAX_CYCLES: count(3, { most: 1_000 }),
  CYCLE_MAX_AGE_MS: milliseconds(86_400_000, 1, longestSpanMs),
  FALLBACK_STOP_RATE: share(0.2),
  SMS_TURN_STOP_RATE: share(0.2),
  RETENTION_BILLS_DAYS: count(400, { most: longestDays }),
  RETENTION_JOURNAL_DAYS: count(400, { most: longestDays }),
  RETENTION_POISON_DAYS: count(90, { most: longestDays }),
  TIME_ZONE: timeZone,
  BILL_TOLERANCE_WON: count(0, { least: 0, most: 1_000_000_000 }),
  SMS_WHEN_NOTHING_DUE: z.stringbool().default(true),
  PROVIDER_EMAIL: providerName,
  PROVIDER_SMS: providerName,
  SIMULATED_DELAY_MS: milliseconds(1_000, 0),
  SIMULATED_REFUSAL_RATE: share(0.01),
  SIMULATED_SEED: z.coerce.number().int().min(0).optional(),
  SIMULATED_LEDGER: z.string().min(1).optional(),
  ...httpShape,
  LOOKUP_HORIZON_MS: milliseconds(60_000, 0, longestSpanMs),
  ...cipherShape,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
  DATA_DIR: z.string().min(1).default(join(projectDir, '.billcast')),
});

/** All settings of a process, checked and frozen. Durations are in milliseconds. */
export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads the environment (and `.env` in the working folder, which the environment overrides), whole and once.
 * @throws BillcastError CONFIG_INVALID naming every wrong setting at once.
 */
export const loadConfig = (environment: NodeJS.ProcessEnv = processEnvironment()) => {
  const { values, problems: unreadable } = withSecretFiles(withoutEmpty(environment));
  const parsed = settings.safeParse(values);
  const wrong = parsed.success ? [] : parsed.error.issues.map(describe);
  if (!parsed.success || unreadable.length > 0) throw invalid([...unreadable, ...wrong]);
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw invalid(problems);
  return deepFreeze(shape(parsed.data));
};

type Settings = z.infer<typeof settings>;

const shape = (env: Settings) => ({
  production: env.NODE_ENV === 'production',
  logLevel: env.LOG_LEVEL,
  dataDir: env.DATA_DIR,
  kafka: {
    brokers: env.KAFKA_BROKERS,
    security: kafkaSecurityOf(env),
    groupId: env.KAFKA_GROUP_ID,
    topics: { email: env.TOPIC_EMAIL, sms: env.TOPIC_SMS, deadLetter: env.TOPIC_DLT },
    partitions: env.KAFKA_PARTITIONS,
    sessionTimeoutMs: env.KAFKA_SESSION_TIMEOUT_MS,
  },
  database: { url: env.DATABASE_URL, poolSize: env.DB_POOL_SIZE },
  poolThreads: env.POOL_THREADS,
  renderTimeoutMs: env.RENDER_TIMEOUT_MS,
  maxInFlight: env.MAX_IN_FLIGHT,
  batchSize: env.BATCH_SIZE,
  claimTtlMs: env.CLAIM_TTL_MS,
  startDeadlineMs: env.START_DEADLINE_MS,
  sendTimeoutMs: env.SEND_TIMEOUT_MS,
  stopTimeoutMs: env.STOP_TIMEOUT_MS,
  sweep: {
    intervalMs: env.SWEEP_INTERVAL_MS,
    orphanAfterMs: env.ORPHAN_AFTER_MS,
    earlyEventLetterMs: env.EARLY_EVENT_LETTER_MS,
    earlyEventMaxMs: env.EARLY_EVENT_MAX_MS,
    batchMaxAgeMs: env.BATCH_MAX_AGE_MS,
    lookupHorizonMs: env.LOOKUP_HORIZON_MS,
  },
  cycleMaxAgeMs: env.CYCLE_MAX_AGE_MS,
  brakeLimits: {
    trouble: troubleLimit,
    refusals: env.FALLBACK_STOP_RATE,
    smsTurns: env.SMS_TURN_STOP_RATE,
  },
  retransmit: { delayMs: env.RETRANSMIT_DELAY_MS, maxCycles: env.RETRANSMIT_MAX_CYCLES },
  retention: {
    billsDays: env.RETENTION_BILLS_DAYS,
    journalDays: env.RETENTION_JOURNAL_DAYS,
    poisonDays: env.RETENTION_POISON_DAYS,
  },
  timeZone: env.TIME_ZONE,
  billRules: { toleranceWon: env.BILL_TOLERANCE_WON, smsWhenNothingDue: env.SMS_WHEN_NOTHING_DUE },
  provider: { email: env.PROVIDER_EMAIL ?? 'simulated', sms: env.PROVIDER_SMS ?? 'simulated' },
  simulated: {
    delayMs: env.SIMULATED_DELAY_MS,
    refusalRate: env.SIMULATED_REFUSAL_RATE,
    seed: env.SIMULATED_SEED ?? randomInt(2 ** 31),
    ledgerFile: env.SIMULATED_LEDGER ?? join(env.DATA_DIR, 'ledger.jsonl'),
  },
  http: httpSettingsOf(env),
  cipher: cipherSettingsOf(env),
});

/** What no single setting can tell: rules between settings. */
const contradictions = (env: Settings): string[] => {
  const problems = [...kafkaProblems(env), ...httpProblems(env)];
  const gateways = [
    { name: 'EMAIL', provider: env.PROVIDER_EMAIL, lookup: env.HTTP_EMAIL_LOOKUP },
    { name: 'SMS', provider: env.PROVIDER_SMS, lookup: env.HTTP_SMS_LOOKUP },
  ];
  const believed = gateways.some(({ provider, lookup }) => provider !== 'http' || lookup === 'authoritative');
  const slowestAcceptanceMs = env.START_DEADLINE_MS + env.SEND_TIMEOUT_MS;
  if (believed && env.LOOKUP_HORIZON_MS < slowestAcceptanceMs)
    problems.push(
      `LOOKUP_HORIZON_MS must be at least START_DEADLINE_MS + SEND_TIMEOUT_MS (${slowestAcceptanceMs}): ` +
        'before that, a bill that the provider has not seen may still reach it',
    );
  if (env.NODE_ENV === 'production')
    for (const { provider, name } of gateways)
      if (provider === undefined)
        problems.push(
          `PROVIDER_${name} must be set with NODE_ENV=production: http, or simulated, which sends nothing`,
        );
  if (new Set([env.TOPIC_EMAIL, env.TOPIC_SMS, env.TOPIC_DLT]).size < 3)
    problems.push('TOPIC_EMAIL, TOPIC_SMS and TOPIC_DLT must be three different topics');
  const slowestBatchMs = Math.max(slowestAcceptanceMs, env.CLAIM_TTL_MS);
  if (env.BATCH_MAX_AGE_MS <= slowestBatchMs)
    problems.push(
      `BATCH_MAX_AGE_MS must be above ${slowestBatchMs}, the greater of CLAIM_TTL_MS and ` +
        'START_DEADLINE_MS + SEND_TIMEOUT_MS: sends that are still under way would be in doubt',
    );
  if (env.SIMULATED_DELAY_MS >= env.SEND_TIMEOUT_MS)
    problems.push('SIMULATED_DELAY_MS must be below SEND_TIMEOUT_MS: every send would time out');
  problems.push(...cipherProblems(env));
  return problems;
};

const deepFreeze = <T extends object>(value: T): T => {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null && !Buffer.isBuffer(part)) deepFreeze(part);
  return Object.freeze(value);
};

const invalid = (problems: string[]): BillcastError =>
  new BillcastError('CONFIG_INVALID', `wrong settings:\n${problems.map((line) => `  ${line}`).join('\n')}`);

const describe = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')} ${issue.message}`;

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** An empty variable means an unset one, as in every shell script and compose file. */
const withoutEmpty = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));

const processEnvironment = (): NodeJS.ProcessEnv => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};
