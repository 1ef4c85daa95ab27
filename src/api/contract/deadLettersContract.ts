import { z } from 'zod';
import { countOf, pageSize, reasonText, timeCursor, timestamp } from './contractShapes.ts';

/** Identifies one record: topic, partition, offset, and its own time in microseconds. */
const deadLetterId = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}:\d{1,9}:\d{1,18}:-?\d{1,18}$/, 'is no id of a dead letter');

/** The time of receipt in microseconds, topic, partition and offset. */
const deadLetterCursor = timeCursor(':[a-zA-Z0-9._-]{1,249}:\\d{1,9}:\\d{1,18}');

export const deadLettersQuery = z.strictObject({ limit: pageSize, after: deadLetterCursor.optional() });

/** A record that could not be used. Failed bills have their own pages. */
export const deadLetter = z.object({
  id: deadLetterId,
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  recordedAt: timestamp.describe("The record's own time"),
  receivedAt: timestamp,
  reason: z.string(),
  meaning: z.string().nullable(),
  keyBytes: z.int().nullable(),
  valueBytes: z.int().nullable().describe('Bytes that are kept here; null if they are only in the topic now'),
  publishedAt: timestamp.nullable().describe('When its dead letter was acknowledged; null: it is still owed'),
  replayedAt: timestamp.nullable().describe('When it was last sent to its topic again'),
  replayedBy: z.string().nullable(),
});

export const deadLetters = z.object({
  asOf: timestamp,
  items: z.array(deadLetter).describe('The newest first'),
  next: deadLetterCursor.nullable(),
});

export const deadLetterParams = z.object({ id: deadLetterId });

/** With its bytes. They may hold anything, so each look is recorded. */
export const deadLetterBytes = deadLetter.extend({
  key: z.string().nullable().describe('As text; bytes that are no UTF-8 are shown as U+FFFD'),
  value: z.string().nullable().describe('The same; the first 64 KiB'),
  source: z.enum(['table', 'topic', 'gone']).describe('Where the bytes came from'),
});

export const replayRequest = z.strictObject({ reason: reasonText });
export const replayAnswer = z.object({ id: deadLetterId, replayed: countOf('Records that were published') });

export type DeadLetter = z.infer<typeof deadLetter>;
export type DeadLetters = z.infer<typeof deadLetters>;
export type DeadLetterBytes = z.infer<typeof deadLetterBytes>;
