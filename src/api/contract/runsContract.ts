import { z } from 'zod';
import { oneLineText } from '../../lib/oneLineText.ts';
import { gateNames } from '../../runs/gates.ts';
import { planRequest } from '../../runs/planRequest.ts';
import { runKinds, runPhases, runStates } from '../../runs/runState.ts';
import { countOf, pageSize, reasonText, timestamp } from './contractShapes.ts';
import { forecastFacts } from './forecastsContract.ts';
import { told } from './toldContract.ts';

export const runId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'has small letters, digits and hyphens, at most 63')
  .describe('What people call the run, such as 2026-11');

const planHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no hash of a plan: take `planHash` of the run')
  .describe('SHA-256 of the plan and the proposal');

const person = oneLineText;

const proposal = z.looseObject({
  asOf: z.iso
    .datetime()
    .describe('When the bills were counted. Bills that are held later are no part of the run'),
  bills: z.int().nullable().describe('Held bills that the selection names; null: not counted'),
  notHeld: z.int().nullable().describe('Bills that it names and that are released, sent or cancelled'),
  heldLater: z
    .int()
    .optional()
    .describe('Bills that it names and that are held, but by their `changed_at` only after `asOf`'),
  unknown: z.int().nullable().describe('Ids that it names and that billcast does not know'),
  amount: z
    .string()
    .nullable()
    .describe('Sum of the billed amounts in minor units; null if the source cannot say'),
  currency: z
    .string()
    .nullish()
    .describe('Of that sum; null if the bills have several; missing if an older version counted'),
  fingerprint: z
    .object({ bills: z.string(), selection: z.string() })
    .optional()
    .describe('SHA-256 over ids and amounts: of the bills, and of all that the selection names'),
  channels: z.record(z.string(), z.int()).nullable().describe('Bills by the channel that each begins with'),
  overlaps: z
    .array(z.object({ run: z.string(), bills: z.int() }))
    .describe('Other open runs that name some of the bills: whichever releases them first has them'),
});

const runEvent = z.object({
  at: timestamp,
  what: z.string(),
  actor: z.string(),
  facts: z.looseObject({}),
  told,
});

export const run = z.object({
  runId,
  kind: z.enum(runKinds).describe('PUBLISHED: released at once by publish'),
  state: z.enum(runStates),
  plan: z
    .looseObject({})
    .describe('All of the plan; a long list of bills is cut, and `billCount` has their number'),
  billCount: z.int().optional(),
  planHash,
  proposal: proposal.nullable(),
  fourEyes: z.boolean().describe('Whether another person than `requestedBy` has to approve it'),
  requestedBy: person,
  requestedNamed: z
    .boolean()
    .describe('Whether a token or a sign-in said who asked; with four eyes it has to'),
  requestedAt: timestamp,
  approvedBy: person.nullable(),
  approvedAt: timestamp.nullable(),
  startedBy: person.nullable(),
  startedAt: timestamp.nullable(),
  hold: z
    .object({
      code: z.string(),
      detail: z.string().nullable(),
      detailTold: told,
      since: timestamp.nullable(),
    })
    .nullable()
    .describe('Why it is PAUSED'),
  phase: z.enum(runPhases),
  canaryAt: timestamp.nullable().describe('When the last bill of the canary was released'),
  released: countOf('Bills that it has released'),
  expectedEnd: timestamp.nullable().describe('Null: not known yet'),
  changedAt: timestamp,
  doneAt: timestamp.nullable(),
  closedBy: person.nullable(),
  closedAt: timestamp.nullable(),
});

const canaryFacts = z.object({
  bills: countOf('Bills that are out'),
  onTheirWay: countOf('Of these, bills that have not ended'),
  waiting: countOf('Bills that wait for the end of quiet hours or of a back-off'),
  gates: z.array(
    z.object({
      gate: z.enum(gateNames),
      count: countOf('Bills'),
      of: countOf('Bills that it is a share of'),
      limit: z.number(),
      isAbove: z.boolean(),
      sentence: z.string().describe('With the most frequent reason'),
    }),
  ),
});

export const runWithEvents = run.extend({
  canary: canaryFacts
    .nullable()
    .describe('How its canary stands; null: none is out, or it is past its gates'),
  forecast: forecastFacts.nullable().describe('As it was proposed; null: nobody made one before'),
  events: z.array(runEvent).describe('What happened to it, the oldest of the newest 200 first'),
});

export const runParams = z.object({ runId });

export const runQuery = z.strictObject({
  limit: pageSize,
  after: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe('The `next` of the page before'),
  state: z.enum(runStates).optional(),
});

export const runList = z.object({
  items: z.array(run).describe('The newest first'),
  next: z.int().nullable(),
});

export const runCreation = z.strictObject({
  runId: runId.optional().describe('Made of the month or the day if it is missing'),
  plan: planRequest,
  rehearsal: z
    .boolean()
    .default(false)
    .describe('Its bills go to the addresses of a rehearsal only, and stay held'),
  dryRun: z.boolean().default(false).describe('Count only: nothing is made'),
});

export const runDraft = run
  .pick({ plan: true, billCount: true, planHash: true, fourEyes: true })
  .extend({ proposal, forecast: runWithEvents.shape.forecast });

export const runChange = z.strictObject({
  planHash: planHash.describe('Of the plan that was seen'),
  plan: planRequest,
});
export const runApproval = z.strictObject({ planHash: planHash.describe('Of the plan that was looked at') });
export const runReason = z.strictObject({ reason: reasonText });
export const runOptionalReason = z.strictObject({ reason: reasonText.optional() });
export const runStart = z.strictObject({});

export type RunAnswer = z.infer<typeof run>;
export type RunDraft = z.infer<typeof runDraft>;
export type RunWithEvents = z.infer<typeof runWithEvents>;
export type RunList = z.infer<typeof runList>;
