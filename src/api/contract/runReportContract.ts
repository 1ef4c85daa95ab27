import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { reportEnds } from '../../db/runs/reportRows.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { printerForms } from '../../operations/runs/printerForms.ts';
import { checkNames } from '../../operations/runs/report/reportFacts.ts';
import { reportLanguages } from '../../operations/runs/report/reportPhrases.ts';
import { countOf, monthText, reasonText, shownId, timestamp } from './contractShapes.ts';

const sum = z.object({
  bills: countOf('Bills'),
  amounts: z
    .record(z.string(), z.string())
    .nullable()
    .describe('Whole minor units by currency, as digits; null if the source gives no amounts'),
});

const ends = Object.fromEntries(reportEnds.map((end) => [end, sum])) as Record<
  (typeof reportEnds)[number],
  typeof sum
>;
const channel = z.enum(channelNames);
const decimal = z.string().describe('A decimal number');

const provider = z.object({
  provider: z.string().nullable().describe('Null: nobody, or it is not known'),
  channel,
  messages: countOf('Accepted messages: one per bill and cycle'),
  attempts: z.record(z.string(), z.int()).describe('Entries of the journal by their outcome'),
  delivered: sum,
  inDoubt: sum,
  longMessages: countOf('Of these, messages that went out as LMS')
    .optional()
    .describe('Missing in reports that an older version signed'),
  price: decimal.nullable(),
  cost: decimal.nullable(),
  costIsLeast: z
    .boolean()
    .describe('Long messages cost more, and it is not known of all which were long, or what they cost'),
});

const domains = z.object({
  top: z.array(z.object({ domain: z.string(), ...ends })),
  rest: z.object({ domains: z.int(), ...ends }),
  withoutAddress: z.object(ends),
  unreadable: z.object(ends),
});

export const statement = z.object({
  provider: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  theirs: countOf('Messages in the statement'),
  ours: countOf('Messages that it accepted by what we know'),
  matched: countOf('In both'),
  tests: countOf('Of rehearsals and to seed addresses; they count nowhere else'),
  onlyTheirs: countOf('In the statement only'),
  otherRuns: countOf('Of these, messages of bills of other runs'),
  inDoubt: countOf('Of these, messages of bills in doubt: they were accepted'),
  onlyOurs: countOf('Not in the statement'),
  different: countOf('The same key, and another id'),
  repeated: countOf('More than once in the statement'),
  theirCost: decimal.nullable(),
  ourCost: decimal.nullable(),
  addedBy: z.string(),
  addedAt: timestamp,
});

const check = z.object({
  name: z.enum(checkNames),
  ok: z.boolean(),
  bills: z.int().nullable().describe('Bills for which it does not hold'),
  billIds: z.array(shownId).readonly().describe('The first few of them'),
  detail: z.string().nullable(),
});

export const report = z.object({
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('run'), run: z.string(), state: z.string() }),
    z.object({ kind: z.literal('month'), month: monthText }),
  ]),
  asOf: timestamp.describe('All of it is of this moment'),
  isOver: z.boolean().describe('Nothing waits, is on its way, or is sent again by itself'),
  batch: sum.describe('The seven sums together'),
  ...ends,
  outside: z.object({
    noRow: sum.describe('Billed, and never given to billcast'),
    elsewhere: sum.describe('Of another run'),
  }),
  byChannel: z.array(z.object({ channel, ...ends })).readonly(),
  byPath: z.array(z.object({ path: z.array(channel).readonly(), ...ends })).readonly(),
  byRun: z.array(z.object({ run: z.string(), ...ends })).readonly(),
  byReason: z
    .array(
      z.object({
        state: z.enum(reportEnds),
        reason: z.string().nullable(),
        meaning: z.string().nullable(),
        retried: countOf('Of these, bills that are sent again by themselves'),
        bills: sum.shape.bills,
        amounts: sum.shape.amounts,
      }),
    )
    .readonly(),
  byProvider: z.array(provider).readonly(),
  receipts: z
    .object({ confirmed: sum, relayed: sum, bounced: sum, complained: sum, none: sum })
    .describe('What providers said of the delivered bills later'),
  cost: z
    .object({
      total: decimal,
      currency: z.string(),
      isLeast: z.boolean(),
      messagesWithoutPrice: countOf('Accepted messages without a price in the settings'),
    })
    .nullable(),
  domains: domains.nullable().describe('Only the command asks for them: it opens addresses'),
  statements: z.array(statement).readonly(),
  checks: z.array(check).readonly(),
  addsUp: z.boolean().describe('Whether every check holds'),
  signature: z
    .object({
      by: z.string(),
      at: timestamp,
      sha256: z.string().describe('Of the report as it was signed, in hex'),
      note: z.string().nullable(),
      differs: z.array(z.string()).readonly().describe('The parts that would be others now'),
    })
    .nullable()
    .describe('Null: not signed off. Otherwise all the rest is as it was signed'),
});

export const reportQuery = z.strictObject({
  format: z.enum(['json', 'html', 'csv']).default('json'),
  language: z.enum(reportLanguages).default('en').describe('Of the page'),
});

const note = oneLineText.trim().max(500).optional();

export const signRequest = z.strictObject({
  note: note.describe('Why, if a check of the report does not hold; kept with it'),
});

export const signAnswer = z.object({
  sha256: z.string().describe('Of the report as it is kept, in hex'),
  signedBy: z.string(),
  addsUp: z.boolean(),
  inDoubt: countOf('Bills of which nobody knows what became of them'),
});

export const printerRequest = z.strictObject({
  format: z.enum(printerForms).default('csv'),
  reason: reasonText,
});
