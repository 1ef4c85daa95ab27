import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { countOf, reasonText, timestamp } from './contractShapes.ts';

const outcomeNumber = z.int().min(0);

export const outcomesQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('The last number that you have; 0 to begin'),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
  waitSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('How long to wait for the next outcome if there is none yet'),
});

const outcome = z.object({
  number: outcomeNumber.describe('Of this outcome, the same in topic, feed and webhooks'),
  billId: z.string().describe("The billing system's id of the bill"),
  memberId: z.string().nullable(),
  run: z.string().nullable().describe('The run that released the bill'),
  cycle: z.int(),
  channel: z.enum(channelNames),
  step: z.int().nullable().describe('From 0; null if it is not known'),
  outcome: z.string().describe('ACCEPTED, REFUSED, NOT_SENT, UNKNOWN, CANCELLED, RESENT, ...'),
  applied: z.boolean().describe('False: evidence that changed nothing'),
  state: z.string().nullable().describe('What the bill became by it; null if it changed nothing'),
  reason: z.string().nullable(),
  provider: z.string().nullable(),
  providerId: z.string().nullable(),
  by: z.string().describe('dispatcher, sweeper, relay, person or receipt'),
  at: timestamp,
});

export const outcomesPage = z.object({
  items: z.array(outcome).describe('In the order of their numbers, without a gap'),
  next: outcomeNumber.describe('`after` of the next request'),
  last: outcomeNumber.describe('The last number that there is'),
});

export const outcomesSwitch = z.object({
  on: z.boolean(),
  since: timestamp.nullable(),
  by: z.string().nullable(),
  owed: countOf('Outcomes that have no number yet'),
  last: outcomeNumber.describe('The last number'),
  firstKept: outcomeNumber.nullable().describe('The first number that is still kept'),
  published: outcomeNumber.describe('All up to this number are in the topic'),
});

export const outcomesSwitchRequest = z.object({ on: z.boolean(), reason: reasonText });
export const outcomesSwitchAnswer = outcomesSwitch.extend({
  changed: z.boolean().describe('False: it was so already'),
});
