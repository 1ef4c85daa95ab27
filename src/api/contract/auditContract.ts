import { z } from 'zod';
import { countOf, monthText, pageSize, shownId, timestamp } from './contractShapes.ts';

export const auditQuery = z.strictObject({
  month: monthText.optional().describe('The month in which it happened, by TIME_ZONE'),
  limit: pageSize,
  after: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'is no `next` of this list')
    .optional(),
});

/** Who did what to whom, when, from where, why, and how it ended. */
export const accessRecord = z.object({
  seq: z.string().describe('The place in the chain'),
  at: timestamp,
  who: z.string(),
  roles: z.array(z.string()),
  from: z.string().describe('The address that the request came from'),
  what: z.string().describe('Such as `preview`, `reveal`, `publish`, `pause`'),
  billIds: z.array(shownId).describe('Whose bill; the first ten'),
  bills: countOf('How many bills'),
  reason: z.string().nullable(),
  result: z.enum(['begun', 'done', 'refused', 'failed']),
  requestId: z.string(),
  hash: z.string().describe('SHA-256 over this record and the hash of the one before'),
});

export const auditPage = z.object({
  items: z.array(accessRecord).describe('The newest first'),
  next: z.string().nullable(),
});

export const auditReportQuery = z.strictObject({ month: monthText });

export const auditReport = z.object({
  month: monthText,
  asOf: timestamp,
  chain: z.object({
    intact: z.boolean(),
    records: countOf('Records that were checked'),
    brokenAt: z.string().nullable().describe('The first record that does not fit'),
    head: z.string().nullable().describe('The hash of the newest record'),
  }),
  unusual: z.array(z.object({ who: z.string(), what: z.string(), count: countOf('Times'), why: z.string() })),
  people: z.array(
    z.object({
      who: z.string(),
      what: z.string(),
      count: countOf('Times'),
      bills: countOf('Bills'),
      refused: countOf('Times that it was not allowed'),
      offHours: countOf('Times at night or on a weekend'),
      before: z.boolean().describe('Whether they had done such a thing in an earlier month'),
      firstAt: timestamp,
      lastAt: timestamp,
    }),
  ),
});

export type AccessRecord = z.infer<typeof accessRecord>;
export type AuditPage = z.infer<typeof auditPage>;
export type AuditReport = z.infer<typeof auditReport>;
