import { z } from 'zod';
import { countOf, cursorText, pageSize, reasonText, timestamp } from './contractShapes.ts';

export const deadLettersQuery = z.object({ limit: pageSize, after: cursorText.optional() });

/** Names one record: topic, partition, offset and its own time. */
export const deadLetterId = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[\w.:-]+$/, 'is no id of a dead letter');

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
  replayedAt: timestamp.nullable(),
  replayedBy: z.string().nullable(),
});

export const deadLetters = z.object({
  asOf: timestamp,
  items: z.array(deadLetter).describe('The newest first'),
  next: cursorText.nullable(),
});

export const deadLetterParams = z.object({ id: deadLetterId });

/** With its bytes. They may hold anything, so each look is recorded. */
export const deadLetterBytes = deadLetter.extend({
  key: z.string().nullable().describe('As text; bytes that are no UTF-8 are shown as U+FFFD'),
  value: z.string().nullable(),
  source: z.enum(['table', 'topic', 'gone']).describe('Where the bytes came from'),
});

export const replayRequest = z.object({ reason: reasonText });
export const replayAnswer = z.object({ id: deadLetterId, replayed: countOf('Records that were published') });

export type DeadLetter = z.infer<typeof deadLetter>;
export type DeadLetters = z.infer<typeof deadLetters>;
export type DeadLetterBytes = z.infer<typeof deadLetterBytes>;
