import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { receiptKinds } from '../../providers/inbound/receipt.ts';
import { billIdText, reasonText, shownId, shownMonth, timestamp } from './contractShapes.ts';

export const billParams = z.object({ billId: billIdText });

const nextSteps = [
  'NOTHING',
  'RELEASE',
  'RESUME',
  'START_DISPATCHER',
  'WAIT',
  'PUBLISH',
  'CLAIM',
  'HAND_OFF',
  'ANSWER',
  'TAKE_BACK',
  'DOUBT',
  'LOOKUP',
  'DEAD_LETTER',
  'NEXT_CYCLE',
  'RETRY',
] as const;

const channel = z.enum(channelNames);

export const billFacts = z.object({
  channel,
  sendStatus: z.enum(['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED']),
  publishStatus: z.enum(['HELD', 'PENDING', 'PUBLISHED']),
  cycle: z.int().min(1),
  attempts: z.int().min(0),
  notBefore: timestamp.nullable(),
  changedAt: timestamp,
  publishedAt: timestamp.nullable(),
  handedOffAt: timestamp.nullable(),
  inDoubtAt: timestamp.nullable(),
  retransmitAt: timestamp.nullable(),
  reason: z.string().nullable(),
  claimed: z.boolean(),
  month: shownMonth.nullable(),
  dispatcher: z.string().nullable().describe('Who holds it; null if nobody'),
  run: z
    .string()
    .nullable()
    .describe('The run that released it; null: its event came from elsewhere, or it is held'),
});

/** One entry of the journal, as it is kept. */
const journalEntry = z.object({
  outcome: z.string(),
  cycle: z.int().min(1),
  channel,
  applied: z.boolean().describe('False: the row had moved on, and the answer is evidence only'),
  reason: z.string().nullable().describe("The provider's answer, or a person's reason"),
  provider: z.string().nullable().describe('Who carried it; null: nobody, or it is not known'),
  providerId: z.string().nullable(),
  actor: z.string(),
  startedAt: timestamp,
  finishedAt: timestamp,
});

/** What a provider said of an attempt after it had accepted it. */
const receiptEntry = z.object({
  cycle: z.int().min(1),
  channel,
  kind: z.enum(receiptKinds),
  provider: z.string(),
  cameBy: z.string().describe('webhook, poll or mail'),
  providerId: z.string().nullable(),
  code: z.string().nullable().describe("The provider's own code"),
  happenedAt: timestamp.nullable().describe("By the provider's clock"),
  receivedAt: timestamp,
  times: z.int().min(1).describe('How often it came'),
});

/** One bill, explained as `billcast explain` does it. */
export const billExplanation = z.object({
  billId: shownId,
  asOf: timestamp,
  headline: z.string(),
  bill: billFacts.nullable().describe('Null if there is no row, but records that came for the bill'),
  standing: z.array(z.string()).describe('Where it stands and why, in sentences'),
  next: z.object({
    step: z.enum(nextSteps),
    by: z.enum(['nobody', 'person', 'dispatcher', 'provider', 'relay', 'sweeper']),
    at: timestamp.nullable().describe('When; null if no time can be named'),
    text: z.string(),
  }),
  timeline: z.array(z.object({ at: timestamp, text: z.string() })).describe('What happened, oldest first'),
  journal: z.array(journalEntry).describe('The entries behind the timeline, oldest first'),
  receipts: z.array(receiptEntry).describe('What the providers said later, in the order in which it came'),
});

export const revealRequest = z.object({ reason: reasonText });

/** A bill's contact, opened. */
export const revealAnswer = z.object({
  billId: shownId,
  memberId: shownId,
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  paymentOwnerName: z.string().nullable(),
  paymentNumber: z.string().nullable(),
  unreadable: z.array(z.string()).describe('Fields that could not be opened'),
});

export type BillFacts = z.infer<typeof billFacts>;
export type BillExplanation = z.infer<typeof billExplanation>;
export type RevealAnswer = z.infer<typeof revealAnswer>;
