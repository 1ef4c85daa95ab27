import { z } from 'zod';
import { outcomeKinds } from '../../db/outcomes/outcomeKinds.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { usualKeepHours } from '../../operations/outcomes/webhooks.ts';
import { countOf, reasonText, timestamp } from './contractShapes.ts';

const outcomeNumber = z.int().min(0);
const webhookId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'wants small letters, digits and -, 40 at most')
  .describe('Its name');

const webhook = z.object({
  id: webhookId,
  url: z.string().describe('Without what follows ?, which may be a secret'),
  outcomes: z.array(z.string()).nullable().describe('It gets these only; null: all'),
  oldUntil: timestamp.nullable().describe('Until then messages are also signed with the old secret'),
  addedAt: timestamp,
  addedBy: z.string(),
  disabledAt: timestamp.nullable().describe('Null while it is on'),
  disabledWhy: z.string().nullable(),
  through: outcomeNumber.describe('All up to this number are delivered'),
  behind: countOf('Outcomes that it has not got yet'),
  replay: z.object({ after: outcomeNumber, through: outcomeNumber }).nullable(),
  failures: countOf('Tries in a row that failed'),
  failingSince: timestamp.nullable(),
  nextAt: timestamp.describe('When it is tried again, if it fails'),
  lastAnswer: z.string().nullable(),
  deliveredAt: timestamp.nullable().describe('When it last took a message'),
});

export const webhookList = z.object({ items: z.array(webhook) });

export const webhookAdd = z.object({
  id: webhookId,
  url: oneLineText
    .max(2_000)
    .refine((text) => URL.canParse(text), 'is no URL')
    .meta({ format: 'uri', description: 'https://, and no private address' }),
  after: outcomeNumber.optional().describe('It gets what follows this number; from now on if missing'),
  outcomes: z.array(z.enum(outcomeKinds)).min(1).optional().describe('It gets these only; all if missing'),
  reason: reasonText,
});
export const webhookAdded = z.object({
  id: webhookId,
  secret: z.string().describe('Signs its messages. It is shown this once'),
});

export const webhookParams = z.object({ id: webhookId });
export const webhookChange = z.object({ reason: reasonText });
export const webhookChanged = z.object({ id: webhookId });

export const webhookRotate = webhookChange.extend({
  keepHours: z
    .int()
    .min(0)
    .max(720)
    .default(usualKeepHours)
    .describe('How long the old secret stays valid, in hours'),
});
export const webhookRotated = webhookAdded.extend({ keepHours: z.int() });

export const webhookReplay = webhookChange.extend({
  from: outcomeNumber.min(1).describe('The first number'),
  to: outcomeNumber.optional().describe('The last one; all that it has got if missing'),
});
export const webhookReplayed = z.object({ id: webhookId, from: outcomeNumber, to: outcomeNumber });

export type WebhookEntry = z.infer<typeof webhook>;
