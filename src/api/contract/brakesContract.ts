import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { reasonText, timestamp } from './contractShapes.ts';

export const brakeKinds = ['unreachable', 'unknown', 'settings', 'refusals', 'smsTurns', 'pace'] as const;

export const brakeState = z.object({
  on: z.boolean(),
  since: timestamp.nullable(),
  kind: z
    .enum(brakeKinds)
    .nullable()
    .describe('Why it is on; `pace`: it sends, as fast as the provider allows'),
  cause: z.string().nullable().describe('What really happened'),
  by: z.string().nullable().describe('Who put it on'),
  trials: z.int().min(0).describe('Bills that have been tried since'),
  nextTrialAt: timestamp.nullable(),
  needsPerson: z.boolean().describe('Whether it stays on until a person releases it'),
});

export const brakeOfChannel = brakeState.extend({
  channel: z.enum(channelNames),
  provider: z.string().describe('The kind of provider that is set for the channel'),
});

export const brakeList = z.object({ asOf: timestamp, items: z.array(brakeOfChannel) });

export const brakeParams = z.object({ channel: z.enum(channelNames) });
export const brakeRelease = z.object({ reason: reasonText.optional() });
export const brakeReleased = z.object({
  channel: z.enum(channelNames),
  released: z.boolean().describe('False: it was not on, or only the pace was limited'),
});

export type BrakeState = z.infer<typeof brakeState>;
export type BrakeOfChannel = z.infer<typeof brakeOfChannel>;
export type BrakeList = z.infer<typeof brakeList>;
