import { z } from 'zod';
import { messageForms } from '../../channelModule.ts';
import { channelNames } from '../../channels.ts';
import { selectionRequest } from '../../runs/planRequest.ts';
import { countOf, monthText, shownId, shownMonth, timestamp } from './contractShapes.ts';
import { told } from './toldContract.ts';

const channel = z.enum(channelNames);
const form = z.enum(messageForms);
const minorUnits = z.int().describe('In minor units of the currency: whole won, cents');
const seconds = z.int().min(0);

/** Which held bills a forecast is about. */
export const forecastRequest = z.strictObject({
  selection: selectionRequest,
  sample: z
    .int()
    .min(100)
    .max(10_000_000)
    .optional()
    .describe('Looks at about so many bills only, spread over all; the answer says so'),
  perSecond: z.number().positive().max(1_000_000).optional().describe('The pace that is planned'),
});

const amountOfBill = z.object({ billId: shownId, amount: minorUnits, currency: z.string() });

function groupOf<Bill extends z.ZodType>(bill: Bill, what: string) {
  return z.object({ count: countOf(what), bills: z.array(bill).readonly() });
}

const outliers = z.object({
  longest: z
    .array(z.object({ billId: shownId, channel, bytes: countOf('Bytes of the HTML, or of the short text') }))
    .readonly(),
  mostItems: z.array(z.object({ billId: shownId, items: countOf('Lines of the bill') })).readonly(),
  largest: z.array(amountOfBill).readonly(),
  zero: groupOf(amountOfBill, 'Bills of 0'),
  negative: groupOf(amountOfBill, 'Bills below 0'),
  unlikeLastMonth: groupOf(
    amountOfBill.extend({ lastMonth: minorUnits, ratio: z.number() }),
    "Bills that are unlike the member's bill of the month before",
  ),
  unlikeFactor: z.number().describe('From this factor on, up or down, a bill counts as unlike'),
});

export const forecastFacts = z.object({
  month: monthText.nullable(),
  asOf: timestamp,
  template: z.object({ name: z.string(), version: z.string() }),
  bills: countOf('Held bills'),
  notHeld: countOf('Bills of the selection that are released, sent or cancelled already'),
  sampled: z
    .object({ bills: countOf('Bills that were looked at'), of: countOf('Held bills') })
    .nullable()
    .describe('Null: every bill was looked at. Else all counts are of these; cost and duration are of all'),
  first: z.array(z.object({ channel, bills: countOf('Bills that begin with it') })).readonly(),
  messages: z
    .array(
      z.object({
        channel,
        form,
        messages: countOf('Messages that are expected'),
        averageBytes: countOf('Bytes of one'),
        mostBytes: countOf('Bytes of the longest'),
      }),
    )
    .readonly(),
  turned: countOf('Bills that go on by another channel than their first'),
  turns: z
    .array(
      z.object({
        from: channel,
        to: channel,
        why: z.enum(['noContact', 'refused', 'suppressed']),
        bills: countOf('Bills'),
      }),
    )
    .readonly(),
  turnLimit: z.number().describe('SMS_TURN_STOP_RATE: above this share the brake stops sending'),
  failures: z
    .array(
      z.object({
        channel,
        reason: z.string().describe('The reason code with which they would fail'),
        detail: z.string(),
        bills: countOf('Bills'),
        sample: z.array(shownId).readonly(),
      }),
    )
    .readonly(),
  quietHours: z.object({
    bills: countOf('Bills whose members have quiet hours now'),
    longestMs: z.number().describe('Until the last of these end'),
  }),
  amounts: z
    .array(
      z.object({
        currency: z.string(),
        bills: countOf('Bills'),
        sum: z.string().describe('In minor units, as a decimal number'),
      }),
    )
    .readonly(),
  withoutAmount: countOf('Bills whose amount is unknown: they cannot be read, or their tables name none'),
  domains: z.array(z.object({ domain: z.string(), bills: countOf('E-mails') })).readonly(),
  otherDomains: countOf('E-mails to other domains'),
  outliers,
  duration: z.object({
    atProviderPace: z.object({ seconds, channel }).nullable(),
    atMeasuredRate: z
      .object({
        seconds,
        billsPerSecond: z.number(),
        bills: countOf('Bills that it was measured with'),
        month: shownMonth,
      })
      .nullable(),
    atPlannedPace: z.object({ seconds, billsPerSecond: z.number() }).nullable(),
    atWarmup: z
      .object({ seconds, day: z.iso.date() })
      .nullable()
      .describe('Until the last mail may go out by SMTP_WARMUP; null: nothing waits for it'),
    expected: z
      .object({ seconds, by: z.enum(['providerPace', 'measuredRate', 'plannedPace', 'warmup']) })
      .nullable()
      .describe('The longest of these; null: unknown. Send windows and quiet hours come on top'),
  }),
  cost: z.object({
    currency: z.string(),
    total: z.number().nullable().describe('Of the messages that have a price; null: none has'),
    unpriced: countOf('Messages without a price'),
    lines: z
      .array(
        z.object({
          channel,
          form,
          provider: z.string(),
          messages: countOf('Messages'),
          price: z.number().nullable(),
          cost: z.number().nullable(),
        }),
      )
      .readonly(),
  }),
});

export const keptForecast = z.object({
  forecastId: z.uuid(),
  state: z.enum(['RUNNING', 'DONE', 'FAILED']),
  month: monthText.nullable().describe('Null: of named bills'),
  requestedBy: z.string(),
  requestedAt: timestamp,
  finishedAt: timestamp.nullable(),
  bills: z.int().nullable().describe('Bills to look at; null until they are counted'),
  lookedAt: countOf('Bills that are looked at'),
  facts: forecastFacts.nullable().describe('Null until it is done'),
  problem: z.string().nullable(),
  problemTold: told,
});

export const forecastParams = z.object({ forecastId: z.uuid() });

export const forecastList = z.object({
  items: z.array(keptForecast).describe('The newest 20, the newest first'),
});

export type ForecastFactsShown = z.infer<typeof forecastFacts>;
export type KeptForecastShown = z.infer<typeof keptForecast>;
