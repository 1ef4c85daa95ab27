import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { instantText } from '../../lib/instantText.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { actionPlacePattern } from '../../operations/actions/actionPlace.ts';
import { searchStates } from '../../operations/searchStates.ts';
import {
  billIdText,
  countOf,
  monthText,
  pageSize,
  reasonText,
  shownId,
  timestamp,
} from './contractShapes.ts';
import { told } from './toldContract.ts';

const actionKinds = ['retry', 'resend', 'resolve', 'cancel', 'bounce'] as const;
const actionStates = [
  'COLLECTING',
  'READY',
  'RUNNING',
  'STOPPING',
  'STOPPED',
  'DONE',
  'FAILED',
  'EXPIRED',
] as const;

const billIds = z.array(billIdText).min(1).max(10_000);
const reasonCode = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/);

/** The bills that are meant: those that meet every condition given. At least one is needed. */
const selection = z
  .strictObject({
    billIds: billIds.optional(),
    month: monthText.optional(),
    reason: reasonCode.optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'names no bills')
  .meta({ minProperties: 1 });

const doubtSelection = z
  .strictObject({
    billIds: billIds.optional(),
    month: monthText.optional(),
    reason: reasonCode.optional(),
    doubtedFrom: instantText.optional(),
    doubtedBefore: instantText.optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'names no bills')
  .meta({ minProperties: 1 });

const dryRun = z
  .literal(true)
  .default(true)
  .describe('Always: an action is looked at first, then started by its id');

export const actionRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('retry').describe('Failed bills start their next cycle now'),
    dryRun,
    selection,
    askRefused: z.boolean().default(false).describe('Also ask addresses that were refused for good'),
  }),
  z.strictObject({
    kind: z.literal('resend').describe('Delivered bills go out again, in their next cycle'),
    dryRun,
    selection: z.strictObject({ billIds }),
  }),
  z.strictObject({
    kind: z.literal('resolve').describe('Bills in doubt are settled by what a person knows'),
    dryRun,
    verdict: z.enum(['delivered', 'resend', 'failed']),
    selection: doubtSelection,
  }),
  z.strictObject({
    kind: z.literal('cancel').describe('Bills that are not handed off yet never go out'),
    dryRun,
    selection,
    replacedBy: billIdText.optional().describe('The corrected bill that goes out instead of the one bill'),
  }),
  z.strictObject({
    kind: z.literal('bounce').describe('E-mails that came back: their bills go on to SMS'),
    dryRun,
    bounces: z
      .array(
        z.strictObject({
          billId: billIdText,
          key: oneLineText.max(100).optional().describe("The attempt's idempotency key"),
          providerId: oneLineText.max(300).optional(),
          reason: oneLineText.max(300).optional(),
        }),
      )
      .min(1)
      .max(10_000),
  }),
]);

const sampledBill = z.object({
  billId: shownId,
  state: z.enum(searchStates),
  channel: z.enum(channelNames),
  cycle: z.int().min(1),
});

export const action = z.object({
  actionId: z.uuid(),
  kind: z.enum(actionKinds),
  state: z.enum(actionStates),
  /** The request that it was made with, without the list of bills if it is long. */
  request: z.looseObject({}).describe('What was asked for; a long list of bills is only counted'),
  requestedBy: z.string(),
  requestedAt: timestamp,
  asOf: timestamp.nullable().describe('When the bills were looked at; null until that is done'),
  expiresAt: timestamp.describe('Until then it may be started'),
  selected: countOf('Bills that the selection names'),
  count: countOf('Of these, bills that the action can move: just these are moved'),
  refusedBefore: countOf(
    'Of these, bills of a retry with an address that was refused for good: without `askRefused` it is tried if it has changed',
  )
    .nullable()
    .describe(
      'Null: not counted. So it is in lists, for other kinds, in any state but READY, and if `count` is over 10,000: ' +
        '`billcast retry --dry-run` counts those',
    ),
  notEligible: z
    .array(z.object({ reason: z.string(), count: countOf('Bills') }))
    .describe('The others, by reason'),
  sample: z.array(sampledBill).max(20).describe('The first of the bills that it moves'),
  reason: z.string().nullable().describe('Why it was started'),
  startedBy: z.string().nullable(),
  startedAt: timestamp.nullable(),
  ratePerSecond: z.number().nullable().describe('The pace; null: as fast as it goes'),
  moved: countOf('Bills that have been moved'),
  skipped: countOf('Bills that had changed since they were looked at, and were left alone'),
  stoppedBy: z.string().nullable(),
  finishedAt: timestamp.nullable(),
  problem: z.string().nullable().describe('Why it failed'),
  problemTold: told,
});

export const actionParams = z.object({ actionId: z.uuid() });

export const actionStart = z.object({
  reason: reasonText,
  ratePerSecond: z.number().positive().max(100_000).optional().describe('Bills per second'),
});

const actionCursor = z.string().regex(actionPlacePattern, 'is no `next` of this list');

export const actionQuery = z.strictObject({ limit: pageSize, after: actionCursor.optional() });
export const actionList = z.object({
  items: z.array(action).describe('The newest first'),
  next: actionCursor.nullable(),
});

export type ActionRequest = z.infer<typeof actionRequest>;
export type Action = z.infer<typeof action>;
export type ActionList = z.infer<typeof actionList>;
