import { z } from 'zod';
import { timestamp } from './contractShapes.ts';

export const liveness = z.object({ live: z.literal(true) });

export const readiness = z.object({
  ready: z.boolean(),
  checks: z.object({
    database: z.object({ ok: z.boolean(), detail: z.string().nullable() }),
  }),
});

export const buildInfo = z.object({
  name: z.literal('billcast'),
  version: z.string(),
  node: z.string().describe('The version of Node that runs the server'),
  startedAt: timestamp,
  template: z.object({
    name: z.string(),
    version: z.string().describe('SHA-256 over the files of the template that the api shows bills with'),
  }),
});

export type Readiness = z.infer<typeof readiness>;
export type BuildInfo = z.infer<typeof buildInfo>;
