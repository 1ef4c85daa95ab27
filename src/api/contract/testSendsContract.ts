import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { testSendOutcomes } from '../../db/runs/testSends.ts';
import { rehearsalEnds } from '../../operations/testSends/rehearsalCounts.ts';
import { runStates } from '../../runs/runState.ts';
import { countOf, shownId, timestamp } from './contractShapes.ts';
import { runId } from './runsContract.ts';
import { told } from './toldContract.ts';

const messageCounts = {
  sent: countOf('Messages that were accepted'),
  sentBefore: countOf('Messages that an earlier part sent'),
  unpreparable: countOf('Messages that would fail; `reasons` has the codes'),
  refused: countOf('Messages that the provider refused'),
  notSent: countOf('Messages that were certainly not sent; the next part sends them'),
  unknown: countOf('Messages that were perhaps sent; they are not sent again'),
  reasons: z.record(z.string(), z.int()).describe('Messages that were not accepted, by reason'),
};

export const seedFacts = z.object({
  addresses: countOf('Addresses in SEED_EMAIL and SEED_PHONE'),
  ...messageCounts,
});

export const seedList = z.object({
  addresses: z
    .object({ email: countOf('Of SEED_EMAIL'), phone: countOf('Of SEED_PHONE') })
    .describe('Of this process; they are never shown'),
  items: z
    .array(
      z.object({
        time: z.int().min(0).describe('0: ahead of the run; then each time that a person asked for it'),
        address: z.int().min(1).describe('The place of the address in its setting'),
        billId: shownId,
        channel: z.enum(channelNames),
        provider: z.string(),
        outcome: z
          .enum([...testSendOutcomes, 'SENDING'])
          .describe('SENDING: on its way, or a crash left it: then nobody knows what became of it'),
        reason: z.string().nullable(),
        begunAt: timestamp,
      }),
    )
    .describe('The newest 500 messages, the newest first'),
});

export const seedRequest = z.strictObject({});

export const rehearsalRequest = z.strictObject({
  limit: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('The most messages of the whole rehearsal; 100 with REDIRECT_ALL_TO, else no limit'),
});

export const rehearsalStand = z.object({
  runId,
  state: z.enum(runStates).describe('Of its run. Its bills stay held, whatever it is'),
  bills: z.int().nullable().describe('Bills of its selection; null if nobody has counted them'),
  isWorking: z.boolean().describe('Whether a process is at it now. RUNNING without one: ask for it again'),
  progress: z
    .object({
      asOf: timestamp,
      ended: z
        .enum(rehearsalEnds)
        .nullable()
        .describe('limit: more bills could have been sent; null: it goes on, or its process died'),
      why: z.string().nullable().describe('Why it stopped'),
      whyTold: told,
      bills: countOf('Bills that were rendered'),
      notListed: countOf('Bills whose member is not in DELIVER_ONLY_TO'),
      beyondLimit: countOf('Bills that would be sent if the limit were higher'),
      ...messageCounts,
    })
    .nullable()
    .describe('Of its last part; null if nobody has begun it'),
});

export type SeedList = z.infer<typeof seedList>;
export type RehearsalAnswer = z.infer<typeof rehearsalStand>;
