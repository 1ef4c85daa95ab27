import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { countOf, monthText, pageSize, shownId, timeIdCursor, timestamp } from './contractShapes.ts';

export const doubtsQuery = z.strictObject({
  month: monthText.optional(),
  limit: pageSize,
  after: timeIdCursor.optional(),
});

export const doubt = z.object({
  billId: shownId,
  channel: z.enum(channelNames),
  cycle: z.int().min(1),
  key: z.string().describe("The attempt's idempotency key: what to ask the provider about"),
  since: timestamp.describe('When it came in doubt'),
  handedOffAt: timestamp,
  nextLookupAt: timestamp.nullable().describe('When the provider is asked next, if it can be asked at all'),
  reason: z.string().nullable(),
});

export const doubts = z.object({
  asOf: timestamp,
  total: countOf('All bills in doubt'),
  items: z.array(doubt).describe('Those in doubt longest first'),
  next: timeIdCursor.nullable(),
});

export type Doubt = z.infer<typeof doubt>;
export type Doubts = z.infer<typeof doubts>;
