import { z } from 'zod';
import { instantText } from '../../lib/instantText.ts';
import { billIdText, countOf, monthText, timestamp } from './contractShapes.ts';

const notBefore = instantText
  .optional()
  .describe('Their events go out from then on; if it is missing, at the time that the billing batch set');

/** Which held bills are released. */
export const publishRequest = z.union([
  z.strictObject({ month: monthText, notBefore }),
  z.strictObject({
    billIds: z
      .array(z.union([billIdText, z.int().min(1)]))
      .min(1)
      .max(10_000),
    notBefore,
  }),
  z.strictObject({ all: z.literal(true), notBefore }),
]);

export const publishAnswer = z.object({
  published: countOf('Bills that were held and are released now; the relay publishes their events'),
  notBefore: timestamp.nullable(),
  dispatchers: countOf('Dispatchers that are alive: without one nothing is sent'),
  paused: z.boolean().describe('Whether sending is paused'),
});
