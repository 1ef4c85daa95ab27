import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { countOf, shownId, timestamp, yesOrNo } from './contractShapes.ts';

export const proofQuery = z.strictObject({
  attempt: z.uuid().optional().describe('Only this message'),
  cycle: z.coerce.number().int().min(1).optional().describe('Only messages of this cycle'),
  inclusion: yesOrNo
    .default(false)
    .describe(
      'Also their place in the manifest of their run: the answer is a file to keep. Reads the whole run',
    ),
});

const hexHash = z.string().regex(/^[0-9a-f]{64}$/i, 'wants 64 hex digits');

const inclusion = z.object({
  run: z.string(),
  madeAt: timestamp,
  attempts: z.int().min(1).describe('Leaves of the tree'),
  root: z.string(),
  index: z.int().min(0),
  leaf: z.string().describe('What the leaf is the hash of'),
  path: z.array(z.string()).readonly().describe('Hashes, from the leaf to the root'),
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
  inclusion: inclusion.nullable().optional().describe('Only if it was asked for'),
  inclusionMissing: z.string().optional().describe('Why there is none'),
});

/** Whether a bill's messages said what the bill says now. */
export const billProof = z.object({
  billId: shownId,
  billNumber: z.string().optional().describe('With `inclusion`: what the leaf calls the bill'),
  asOf: timestamp,
  proved: z.boolean().describe('Whether the last accepted message is proved'),
  attempts: z.array(attemptProof).describe('Oldest first'),
});

const manifest = z.object({
  run: z.string(),
  madeAt: timestamp,
  madeBy: z.string(),
  attempts: countOf('Accepted messages up to then: the leaves of the tree'),
  unhashed: countOf('Of these, messages without a hash of what they said'),
  root: z.string().describe('Of the Merkle tree, in hex'),
});

export const manifestMade = manifest;
export const manifestList = z.object({ items: z.array(manifest).describe('The newest first') });
export const manifestRequest = z.strictObject({});

export const proofCheck = z.strictObject({
  proof: z.looseObject({}).describe('What `prove --inclusion --json` or `proof?inclusion=true` gave'),
  root: hexHash.optional().describe('Of the manifest as you kept it; without it, that of the file'),
});

export const proofChecked = z.object({
  billId: shownId,
  included: z.boolean().describe('Whether the root stands for one of the messages'),
  attempts: z.array(
    z.object({
      attempt: z.string(),
      run: z.string().nullable(),
      root: z.string().nullable().describe('Null: the file has no place in a manifest for it'),
      included: z.boolean(),
      why: z.string(),
      isKept: z.boolean().describe('Whether billcast keeps a manifest of this run with this root'),
    }),
  ),
});

export type BillProofAnswer = z.infer<typeof billProof>;
