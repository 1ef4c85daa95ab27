import { z } from 'zod';
import { countOf, timestamp } from './contractShapes.ts';
import { told } from './toldContract.ts';

export const dispatcher = z.object({
  id: z.uuid(),
  name: z.string().describe('Host and process'),
  startedAt: timestamp,
  heartbeatAt: timestamp,
  silentMs: z.number().min(0).describe('How long it has not been heard of'),
  alive: z.boolean(),
  batches: countOf('Batches that it holds'),
  bills: countOf('Bills in these batches'),
});

const partitionLag = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  next: z.string().describe('The first offset that the group has still to consume'),
  end: z.string().describe('The offset of the next record'),
  lag: countOf('Records that are published and not consumed'),
});

export const dispatchers = z.object({
  asOf: timestamp,
  items: z.array(dispatcher),
  lag: z.object({
    total: z.int().min(0).nullable().describe('Null if Kafka could not be asked'),
    problem: z.string().nullable(),
    problemTold: told,
    asOf: timestamp.nullable(),
    partitions: z.array(partitionLag),
  }),
});

export type Dispatcher = z.infer<typeof dispatcher>;
export type Dispatchers = z.infer<typeof dispatchers>;
