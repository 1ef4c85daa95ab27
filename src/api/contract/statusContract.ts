import { z } from 'zod';
import { brakeState } from './brakesContract.ts';
import { countOf, monthText, timestamp } from './contractShapes.ts';
import { pauseState } from './controlContract.ts';
import { told } from './toldContract.ts';

/** Bills by state, with the names that `billcast status --json` has. */
export const stateCounts = z.object({
  pending: countOf('PENDING: not sent yet, with those that wait and those that are held'),
  waiting: countOf('PENDING with a time in the future: quiet hours, back-off or a release time'),
  held: countOf('PENDING and held: nothing goes out until they are published'),
  owed: countOf('Events and dead letters that are due and not published yet'),
  sending: countOf('SENDING: claimed by a dispatcher, nothing handed off yet'),
  sent: countOf('SENT: handed off, the answer is awaited'),
  delivered: countOf('DELIVERED: accepted by the provider'),
  confirmed: countOf('Of these, those of which a receipt says that they arrived'),
  bounced: countOf('Of these, those of which a receipt says that they came back, and that went no further'),
  failed: countOf('FAILED'),
  inDoubt: countOf('IN_DOUBT: nobody knows whether the provider took them'),
  cancelled: countOf('CANCELLED'),
  total: countOf('All bills'),
  deadLetters: countOf('Dead letters whose publication is acknowledged'),
  retransmissions: countOf('FAILED bills that start over by themselves'),
  sms: countOf(
    'Bills that have gone on from the first channel to a later one, without those that are FAILED',
  ),
  earlyEvents: countOf('Events that wait for the row of their bill'),
});

const dispatcherCounts = z.object({
  alive: countOf('Dispatchers that were heard of lately'),
  silent: countOf('Dispatchers that are silent, and not forgotten yet'),
});

/** No member gets a bill by a rehearsal: every page shows that one is running. */
const rehearsalState = z
  .object({
    safeMode: z
      .boolean()
      .describe('Whether DELIVER_ONLY_TO or REDIRECT_ALL_TO is set here: nothing but a rehearsal sends'),
    runs: z.array(z.object({ run: z.string(), state: z.enum(['RUNNING', 'PAUSED']), since: timestamp })),
  })
  .nullable()
  .describe('Rehearsals that are open, and whether this environment is for them; null: neither');

/** Today's mails by `SMTP_WARMUP`. */
const warmupState = z
  .object({
    sender: z.string().describe('The domain of SMTP_FROM'),
    day: z.iso.date().describe('In TIME_ZONE'),
    endsAt: timestamp,
    numbers: z
      .array(
        z.object({
          receiver: z.string().nullable().describe('The domain that gets the mails; null: all mails'),
          planned: z.int().nullable().describe('Null: no limit any more'),
          reserved: countOf('Mails that were sent, or set aside by a dispatcher'),
          plannedTomorrow: z.int().nullable(),
          isUsedUp: z.boolean().describe('Bills wait until the day ends'),
        }),
      )
      .readonly(),
  })
  .nullable()
  .describe('How many mails the warm-up plan lets out today; null: there is no plan');

/** How reliable counts are. */
const countAge = {
  asOf: timestamp.describe('When the counts were read, by the database'),
  exact: z.boolean().describe('Whether every bill was counted since the last move that is known'),
  countedSince: timestamp
    .nullable()
    .describe('The oldest count that is part of the numbers; null if all bills were counted now'),
  drift: countOf('Bills by which the kept counts had drifted, and which the last counts put right'),
};

/** The bills of a month. Whatever has no bill belongs to no month. */
export const monthStatus = stateCounts.omit({ earlyEvents: true }).extend({
  month: monthText,
  ...countAge,
});

export const status = stateCounts.extend({
  ...countAge,
  lag: z
    .int()
    .min(0)
    .nullable()
    .describe('Events that are published and not consumed; null if Kafka could not be asked'),
  lagProblem: z.string().nullable().describe('Why the lag is not known, or what is missing'),
  lagProblemTold: told,
  lagAsOf: timestamp.nullable(),
  brakes: z.record(z.string(), brakeState).describe('By channel'),
  pause: pauseState,
  rehearsal: rehearsalState,
  warmup: warmupState,
  dispatchers: dispatcherCounts,
  oldestDoubtMs: z
    .number()
    .nullable()
    .describe('How long the oldest bill in doubt has been; null without any'),
});

export type MonthStatus = z.infer<typeof monthStatus>;
export type StateCounts = z.infer<typeof stateCounts>;
export type Status = z.infer<typeof status>;
