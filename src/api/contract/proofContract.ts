import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { shownId, timestamp } from './contractShapes.ts';

export const proofQuery = z.strictObject({
  attempt: z.uuid().optional().describe('Only this message'),
  cycle: z.coerce.number().int().min(1).optional().describe('Only messages of this cycle'),
});

const printedWith = z.object({
  template: z.string().describe('The version of its language, in hex'),
  templateName: z.string().nullable(),
  language: z.string(),
  isTemplateOfToday: z.boolean().nullable(),
  program: z.string().describe('The version of billcast'),
  timeZone: z.string(),
  currency: z.string(),
  keyId: z.string().describe('Of CIPHER_KEYS'),
});

const attemptProof = z.object({
  attempt: z.uuid(),
  cycle: z.int().min(1),
  channel: z.enum(channelNames),
  accepted: z.boolean().describe('False: nobody knows whether the provider took it'),
  at: timestamp,
  providerId: z.string().nullable(),
  contentHash: z.string().nullable().describe('In hex'),
  printedWith: printedWith.nullable(),
  result: z.enum(['proved', 'differs', 'notRecorded', 'cannotTell']),
  differs: z.array(z.enum(['address', 'content'])).describe('In what; empty unless the result is differs'),
  why: z.string(),
});

/** Whether a bill's messages said what the bill says now. */
export const billProof = z.object({
  billId: shownId,
  asOf: timestamp,
  proved: z.boolean().describe('Whether the last accepted message is proved'),
  attempts: z.array(attemptProof).describe('Oldest first'),
});

export type BillProofAnswer = z.infer<typeof billProof>;
