import { z } from 'zod';

/** What our sentences say. Each has words in the languages of the dashboard. */
export const toldCodes = [
  // A brake, and the pace of a provider.
  'TURN_SHARE',
  'TURN_SHARE_OF_LAST',
  'REFUSED_SHARE',
  'REFUSED_SHARE_OF_LAST',
  'RETURN_SHARE',
  'SEEN_ELSEWHERE',
  'PACE',
  // What came of a send.
  'HTTP',
  'SMTP',
  'SYSTEM',
  'NO_CONNECTION',
  'CONNECT_TIME_OUT',
  'CLOSED',
  'STOPPED',
  'NO_ANSWER',
  'REFUSED_UNREAD',
  'OTHER_KEY',
  'CLOCK',
  'NOT_IN_BATCH',
  'NO_SMTPUTF8',
  'MAIL_TOO_LARGE',
  'PROVIDER_THREW',
  'REASON',
  // Why a run holds, and what would help it.
  'GATE',
  'LAST_MINUTE',
  'CANARY_FEW',
  'CANARY_GOOD',
  'CANARY_STUCK',
  'BRAKES',
  'BRAKE',
  'BRAKE_UNKNOWN',
  'TEMPLATE',
  'BILLS_MORE',
  'BILLS_SUM',
  'BILLS_EXCHANGED',
  'BILLS_GONE',
  'SEEDS',
  'NO_SEED_BILL',
  'INTERRUPTED',
  'REHEARSAL_REFUSED',
  'RUN_STATE',
  'HELP_RUN',
  'HELP_CLUSTER',
  'HELP_BRAKE',
  'HELP_WAITING',
  'HELP_NOTHING_MOVES',
  'HELP_PACE',
  'HELP_RATES',
  'HELP_SLOWED',
  'HELP_NO_LIMIT',
  'HELP_WINDOWS',
  'HELP_NO_WINDOW',
  'HELP_NEED',
  // Why an action or a forecast failed.
  'COLLECT_FAILED',
  'TOO_MANY_BILLS',
  'COLLECTOR_GONE',
  'FORECAST_FAILED',
  // Servers.
  'KAFKA_UNASKED',
  'KAFKA_UNREACHABLE',
  'NO_TOPIC',
  'NUMBERS_UNREADABLE',
  'DATABASE_UNREACHABLE',
  'DATABASE_CROWDED',
  'DATABASE_LOGIN',
  'DATABASE_MISSING',
  'DATABASE_SCHEMA',
  'DATABASE_RIGHT',
  'DATABASE_TABLE',
  'DATABASE_READ_ONLY',
  'DATABASE_TLS',
  // Words of a provider, of a person or of an older version.
  'WORDS',
] as const;

export const told = z
  .array(
    z.object({
      code: z.enum(toldCodes),
      facts: z.record(z.string(), z.string()).describe('As the sentence has them; WORDS: `words`'),
    }),
  )
  .readonly()
  // An answer that is replayed by its Idempotency-Key may be of an older version, which had none.
  .default([])
  .describe('The same as codes with facts, for other languages; empty without a sentence');

export type ToldCode = (typeof toldCodes)[number];
export type Told = z.infer<typeof told>;
