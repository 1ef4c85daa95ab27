import { z } from 'zod';
import { billIdPattern, monthPattern } from '../bill.ts';
import { channelNames } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import { instantText } from '../lib/instantText.ts';
import { oneLineText } from '../lib/oneLineText.ts';

/**
 * If there are more, they are better selected by month or by fields: the list is part of the plan, and so of
 * its hash.
 */
const mostBillIds = 50_000;

export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const month = z.string().regex(monthPattern, 'wants a month such as 2026-11');
const billIds = z
  .array(z.string().regex(billIdPattern, 'wants ids of bills: digits without a leading zero'))
  .min(1, 'names no bill')
  .max(
    mostBillIds,
    `has more than ${mostBillIds} bills: select them by month or fields, or make several runs`,
  );
const channel = z.enum(channelNames);
const share = z.number().min(0).max(1);
const clock = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'wants a time of day such as 09:00');
const timeZone = z.string().refine(isTimeZone, 'is not an IANA time zone, such as Asia/Seoul');

/**
 * The fields by which bills may be chosen, besides their month. The list is closed: people cannot add
 * conditions of their own.
 */
const fields = z
  .strictObject({
    month: month.optional(),
    grade: z
      .array(oneLineText.min(1).max(64))
      .min(1)
      .max(50)
      .optional()
      .describe("Of the members; billcast's own tables only"),
    channel: z
      .array(channel)
      .min(1)
      .optional()
      .describe('The channel that the billing batch wrote into the row'),
  })
  .refine(hasAny, 'wants at least one of month, grade and channel')
  .meta({ minProperties: 1 });

/** Which bills are meant: exactly one of these three. */
export const selectionRequest = z
  .strictObject({ month: month.optional(), billIds: billIds.optional(), fields: fields.optional() })
  .refine(hasOne, 'wants one of month, billIds and fields')
  .meta({ minProperties: 1, maxProperties: 1 });

const sendWindow = z
  .strictObject({
    channel: channel.optional().describe('All channels if it is missing'),
    from: clock,
    to: clock.describe('Later than `from`; for a night, write two windows'),
    timeZone: timeZone.optional().describe('TIME_ZONE if it is missing'),
    days: z.array(z.enum(weekDays)).min(1).optional().describe('Every day if it is missing'),
  })
  .refine(({ from, to }) => from < to, 'wants `from` before `to`; for a night, write two windows');

const canary = z
  .strictObject({
    bills: z.int().min(1).max(10_000_000).optional(),
    percent: z.number().gt(0).max(100).optional(),
  })
  .refine(hasOne, 'wants one of bills and percent')
  .meta({ minProperties: 1, maxProperties: 1 });

export const gateReleases = ['auto', 'person'] as const;

const gates = z.strictObject({
  refused: share.optional().describe('Refused by the provider for good'),
  unknown: share.optional().describe('In doubt'),
  turned: share.optional().describe('Turned to the next channel'),
  policy: share.optional().describe('Blocked by a policy of the provider'),
  failed: share.optional().describe('Failed for any other reason: template, cipher, missing data'),
  bounced: share.optional().describe('Came back within `waitMinutes`'),
  waitMinutes: z.number().min(0).max(10_080).optional(),
  release: z.enum(gateReleases).optional().describe('Whether the rest waits for a person'),
});

/** A plan as a person writes it. What is missing is filled in by `completePlan`. */
export const planRequest = z.strictObject({
  selection: selectionRequest,
  windows: z.array(sendWindow).max(50).optional().describe('Nothing is released outside of these'),
  deadline: instantText.nullish().describe('When all bills should have gone out'),
  pace: z
    .strictObject({ perSecond: z.number().gt(0).max(100_000) })
    .nullish()
    .describe('Bills per second'),
  notBefore: instantText.nullish().describe('Nothing goes out earlier'),
  expectNext: share.nullish().describe('The share of bills that may turn to the next channel'),
  canary: canary.nullish().describe('What goes out first, before the gates'),
  gates: gates.optional().describe('What the canary may come to; limits are shares, 0 to 1'),
  seeds: z.boolean().optional().describe('Whether the seed addresses get bills ahead of the run'),
});

export type PlanRequest = z.infer<typeof planRequest>;

/**
 * @throws BillcastError USAGE naming everything that is wrong
 */
export function parsePlanRequest(value: unknown): PlanRequest {
  const parsed = planRequest.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new BillcastError('USAGE', `the plan cannot be used: ${lines.join('; ')}`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function hasAny(given: object): boolean {
  return Object.values(given).some((value) => value !== undefined);
}

function hasOne(given: object): boolean {
  return Object.values(given).filter((value) => value !== undefined).length === 1;
}
