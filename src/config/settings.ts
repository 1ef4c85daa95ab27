import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { settingPerChannel } from '../channels.ts';
import { parseServerUrl } from '../db/serverUrl.ts';
import { projectDir } from '../lib/projectDir.ts';
import { providerShape } from '../providers/registry.ts';
import { apiShape } from './apiConfig.ts';
import { approvalShape } from './approvalConfig.ts';
import { billModelShape } from './billModelConfig.ts';
import { topicShape } from './billTopics.ts';
import { channelShape } from './channelConfig.ts';
import { cipherShape } from './cipherConfig.ts';
import { inboundShape } from './inboundConfig.ts';
import { kafkaShape } from './kafkaConfig.ts';
import { metricsShape } from './metricsConfig.ts';
import { noticeShape } from './noticeConfig.ts';
import { outcomeShape } from './outcomeConfig.ts';
import { priceShape } from './priceConfig.ts';
import { providerShares } from './providerChoice.ts';
import { limitShape } from './providerLimits.ts';
import { safeModeShape } from './safeModeConfig.ts';
import { sourceShape } from './sourceConfig.ts';
import { templateShape } from './templateConfig.ts';
import { tracingShape } from './tracingConfig.ts';
import { viewLinkShape } from './viewLinkConfig.ts';

/** A longer timer would fire at once in Node. */
const longestTimerMs = 2 ** 31 - 1;
/** The longest that a row may wait in the database. */
const longestSpanMs = 366 * 86_400_000;
const longestDays = 36_500;
function milliseconds(fallback: number, minimum = 1, maximum = longestTimerMs) {
  return z.coerce.number().int().min(minimum).max(maximum).default(fallback);
}
function count(fallback: number, { least = 1, most }: { least?: number; most: number }) {
  return z.coerce.number().int().min(least).max(most).default(fallback);
}
function share(fallback: number) {
  return z.coerce.number().min(0).max(1).default(fallback);
}

const serverUrl = z.string().superRefine((text, context) => {
  try {
    parseServerUrl(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

/** All settings by their names in the environment: unset, or as text. */
export const settings = z.object({
  NODE_ENV: z.string().default('development'),
  ...kafkaShape,
  KAFKA_GROUP_ID: z.string().min(1).default('billcast'),
  ...topicShape,
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
  READY_WHILE_WAITING: z.stringbool().default(false),
  RETRANSMIT_DELAY_MS: milliseconds(600_000, 0, longestSpanMs),
  RETRANSMIT_MAX_CYCLES: count(3, { most: 1_000 }),
  CYCLE_MAX_AGE_MS: milliseconds(86_400_000, 1, longestSpanMs),
  FALLBACK_STOP_RATE: share(0.2),
  SMS_TURN_STOP_RATE: share(0.2),
  RETENTION_BILLS_DAYS: count(400, { most: longestDays }),
  RETENTION_JOURNAL_DAYS: count(400, { most: longestDays }),
  RETENTION_POISON_DAYS: count(90, { most: longestDays }),
  RETENTION_ACCESS_DAYS: count(730, { most: longestDays }),
  RETENTION_OUTCOMES_DAYS: count(30, { most: longestDays }),
  ...billModelShape,
  ...sourceShape,
  ...templateShape,
  ...viewLinkShape,
  ...outcomeShape,
  ...safeModeShape,
  ...channelShape,
  // The default is the simulated provider; with NODE_ENV=production there is none. A provider file may have
  // any name.
  ...settingPerChannel('PROVIDER', () => providerShares.optional()),
  ...providerShape,
  ...limitShape,
  ...priceShape,
  LOOKUP_HORIZON_MS: milliseconds(60_000, 0, longestSpanMs),
  ...cipherShape,
  ...apiShape,
  ...approvalShape,
  ...inboundShape,
  ...metricsShape,
  ...noticeShape,
  ...tracingShape,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
  DATA_DIR: z.string().min(1).default(join(projectDir, '.billcast')),
});

export type Settings = z.infer<typeof settings>;

/** All names that are read from the environment, except the `NAME_FILE` of each secret. */
export const settingNames: readonly string[] = Object.keys(settings.shape);
