import { z } from 'zod';
import { countOf, monthText, shownId, timestamp } from './contractShapes.ts';

export const failuresQuery = z.strictObject({ month: monthText.optional() });

/** Failed bills that have the same reason. */
export const failureGroup = z.object({
  reason: z.string().describe('The reason code of the row'),
  meaning: z.string().nullable().describe('The reason in words'),
  count: countOf('FAILED bills with this reason'),
  retransmissions: countOf('Of these, bills that start over by themselves'),
  firstAt: timestamp.describe('When the first of these bills failed'),
  lastAt: timestamp.describe('When the last of these bills failed'),
  sample: z.array(shownId).max(5).describe('A few of them'),
});

export const failures = z.object({
  asOf: timestamp,
  total: countOf('FAILED bills'),
  groups: z.array(failureGroup).describe('The largest first'),
});

export type FailureGroup = z.infer<typeof failureGroup>;
export type Failures = z.infer<typeof failures>;
