import { z } from 'zod';
import { reasonText, timestamp } from './contractShapes.ts';

/** A switch that somebody threw: since when, who, and why. */
const thrown = z.object({ since: timestamp, by: z.string(), reason: z.string().nullable() });

export const pauseState = z.object({
  paused: z.boolean(),
  pause: thrown.nullable().describe('Null if sending is not paused'),
  resumed: thrown.nullable().describe('The last time that a pause was ended'),
});

export const pauseRequest = z.object({ reason: reasonText.optional() });

export const pauseAnswer = pauseState.extend({
  changed: z.boolean().describe('False: it was so already'),
});

export type PauseState = z.infer<typeof pauseState>;
