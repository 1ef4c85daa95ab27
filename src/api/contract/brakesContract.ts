import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { reasonText, timestamp } from './contractShapes.ts';
import { told } from './toldContract.ts';

const brakeKinds = ['unreachable', 'unknown', 'settings', 'refusals', 'smsTurns', 'pace'] as const;

export const routeBrake = z.object({
  on: z.boolean(),
  since: timestamp.nullable(),
  kind: z
    .enum(brakeKinds)
    .nullable()
    .describe('Why it is on; `pace`: it sends, as fast as the provider allows'),
  cause: z.string().nullable().describe('What really happened'),
  causeTold: told,
  by: z.string().nullable().describe('Who put it on'),
  trials: z.int().min(0).describe('Bills that have been tried since'),
  nextTrialAt: timestamp.nullable(),
  needsPerson: z.boolean().describe('Whether it stays on until a person releases it'),
});

export const brakeState = routeBrake.extend({
  providers: z
    .record(z.string(), routeBrake)
    .optional()
    .describe('By provider, if the channel has several: then its brake is on if none can be used'),
});

export const brakeOfChannel = brakeState.extend({
  channel: z.enum(channelNames),
  provider: z.string().describe('The providers of the channel'),
  keepsQuietHours: z
    .boolean()
    .describe(
      "Whether its messages wait for the end of the member's quiet hours, by the settings of the api",
    ),
});

export const brakeList = z.object({ asOf: timestamp, items: z.array(brakeOfChannel) });

export const brakeParams = z.object({ channel: z.enum(channelNames) });
export const brakeRelease = z.object({
  reason: reasonText.optional(),
  provider: oneLineText.min(1).max(100).optional().describe('Only the brake of this provider of the channel'),
});
export const brakeReleased = z.object({
  channel: z.enum(channelNames),
  released: z.boolean().describe('False: it was not on, or only the pace was limited'),
});

export type RouteBrake = z.infer<typeof routeBrake>;
export type BrakeState = z.infer<typeof brakeState>;
export type BrakeOfChannel = z.infer<typeof brakeOfChannel>;
export type BrakeList = z.infer<typeof brakeList>;
