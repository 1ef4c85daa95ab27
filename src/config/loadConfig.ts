import type { z } from 'zod';
import { BillcastError } from '../errors.ts';
import { readDotEnv } from '../lib/dotEnv.ts';
import { troubleLimit } from '../policy/brake/verdict.ts';
import type { ProcessFacts } from '../providers/providerKind.ts';
import { readProviderSettings } from '../providers/registry.ts';
import { apiSettingsOf } from './apiConfig.ts';
import { billModelOf, homeCountryProblems } from './billModelConfig.ts';
import { billTopicsOf } from './billTopics.ts';
import { channelModuleProblems, ladderOf } from './channelConfig.ts';
import { cipherSettingsOf, keySourceOf } from './cipherConfig.ts';
import { inboundSettingsOf } from './inboundConfig.ts';
import { kafkaSecurityOf } from './kafkaConfig.ts';
import { metricsSettingsOf } from './metricsConfig.ts';
import { noticeSettingsOf } from './noticeConfig.ts';
import { webhookSettingsOf } from './outcomeConfig.ts';
import { pricesOf } from './priceConfig.ts';
import { processFactsOf, providerSharesOf } from './providerConfig.ts';
import { contradictions } from './rules.ts';
import { safeModeOf, seedsOf } from './safeModeConfig.ts';
import { withSecretFiles } from './secretFiles.ts';
import { type Settings, settings } from './settings.ts';
import { sourceOf } from './sourceConfig.ts';
import { templateChoiceOf } from './templateConfig.ts';
import { tracingOf } from './tracingConfig.ts';

/** All settings of a process, checked and frozen. Durations are in milliseconds. */
export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads the whole environment, once. Missing settings are taken from `.env` in the working folder.
 * @throws BillcastError CONFIG_INVALID, which names all wrong settings at once
 */
export function loadConfig(environment: NodeJS.ProcessEnv = processEnvironment()) {
  const { values, problems: unreadableFiles } = withSecretFiles(withoutEmpty(environment));
  const unreadable = [
    ...unreadableFiles,
    ...channelModuleProblems(values.CHANNEL_MODULES),
    ...homeCountryProblems(values.HOME_COUNTRY),
  ];
  const parsed = settings.safeParse(values);
  const wrong = parsed.success ? [] : parsed.error.issues.map(describe);
  if (!parsed.success || unreadable.length > 0) throw invalid([...unreadable, ...wrong]);
  const facts = processFactsOf(parsed.data, values);
  const problems = contradictions(parsed.data, facts);
  if (problems.length > 0) throw invalid(problems);
  return deepFreeze(shape(parsed.data, facts));
}

function shape(env: Settings, facts: ProcessFacts) {
  return {
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    dataDir: env.DATA_DIR,
    kafka: {
      brokers: env.KAFKA_BROKERS,
      security: kafkaSecurityOf(env),
      groupId: env.KAFKA_GROUP_ID,
      topics: billTopicsOf(env),
      resultTopic: env.TOPIC_RESULT,
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
    readyWhileWaiting: env.READY_WHILE_WAITING,
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
      accessDays: env.RETENTION_ACCESS_DAYS,
      outcomesDays: env.RETENTION_OUTCOMES_DAYS,
    },
    timeZone: env.TIME_ZONE,
    source: sourceOf(env),
    billModel: billModelOf(env),
    templates: templateChoiceOf(env, env.CHANNELS),
    ladder: ladderOf(env),
    providers: providerSharesOf(env),
    providerSettings: readProviderSettings(env, facts, providerSharesOf(env)),
    providerRates: env.PROVIDER_RATES,
    providerConcurrency: env.PROVIDER_CONCURRENCY,
    receiptRates: env.RECEIPT_RATES,
    prices: pricesOf(env),
    cipher: cipherSettingsOf(env),
    keySource: keySourceOf(facts.environment),
    api: apiSettingsOf(env),
    fourEyes: env.FOUR_EYES,
    fourEyesNamed: env.FOUR_EYES_NAMED,
    apiToken: env.BILLCAST_TOKEN,
    inbound: inboundSettingsOf(env),
    metrics: metricsSettingsOf(env),
    notices: noticeSettingsOf(env),
    tracing: tracingOf(env),
    webhooks: webhookSettingsOf(env),
    safeMode: safeModeOf(env),
    seeds: seedsOf(env),
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Buffer.isBuffer(part)) deepFreeze(part);
  }
  return Object.freeze(value);
}

function invalid(problems: string[]): BillcastError {
  return new BillcastError(
    'CONFIG_INVALID',
    `wrong settings:\n${problems.map((line) => `  ${line}`).join('\n')}`,
  );
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')} ${plainly(issue) ?? issue.message}`;
}

/** In our words what zod says of numbers and choices; undefined if the words are ours already. */
function plainly(issue: z.core.$ZodIssue): string | undefined {
  if (!/^(?:Invalid input|Invalid option|Too big|Too small): /.test(issue.message)) return undefined;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'must be a whole number' : `must be a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.includes('true')
        ? 'must be true or false'
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    default:
      return undefined;
  }
}

/** An empty variable counts as unset, as is usual in shell scripts and compose files. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/**
 * The settings of `.env` are added to `process.env`, because a company's own modules and Node itself read
 * that.
 */
function processEnvironment(): NodeJS.ProcessEnv {
  return Object.assign(process.env, { ...readDotEnv(), ...process.env });
}
