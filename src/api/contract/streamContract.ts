import { z } from 'zod';
import { action } from './actionsContract.ts';
import { timestamp } from './contractShapes.ts';
import { status } from './statusContract.ts';
import { told } from './toldContract.ts';

/** All live numbers: what the events of `/api/v1/stream` carry. */
export const live = z.object({
  status,
  rates: z
    .object({
      overMs: z.number().describe('The time between the two readings'),
      deliveredPerSecond: z.number(),
      failedPerSecond: z.number(),
      secondsLeft: z
        .number()
        .nullable()
        .describe('Until all bills that are due are settled; null if unknown'),
    })
    .nullable()
    .describe('Null until there are two readings'),
  actions: z.array(action).describe('Actions that are being looked at or run, and those that ended lately'),
  problem: z.string().nullable().describe('Why the numbers are older than they should be'),
  problemTold: told,
  readAt: timestamp.describe('When the server last read successfully'),
});

/** One event, as OpenAPI describes server-sent events: by its fields. */
export const liveEvent = z.object({
  id: z.string(),
  event: z.enum(['snapshot', 'delta']),
  data: z.string().meta({ contentMediaType: 'application/json', description: 'See the type Live' }),
});

/**
 * `event: snapshot` has all of it. `event: delta` has what changed since the last event, as a JSON merge
 * patch (RFC 7386): null stands for null or for a missing member, and an array is sent whole.
 */
export type Live = z.infer<typeof live>;
