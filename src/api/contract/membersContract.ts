import { z } from 'zod';
import { shownId, timestamp } from './contractShapes.ts';

export const memberSearchRequest = z.strictObject({
  contact: z.string().trim().min(3).max(320).describe('An e-mail address or a phone number'),
});

export const memberSearchAnswer = z.object({
  memberIds: z.array(shownId).describe('Members with this contact, at most 50'),
  completeAt: timestamp
    .nullable()
    .describe('When all members were looked at last. Null: some never were, so some may be missing'),
});

export type MemberSearchAnswer = z.infer<typeof memberSearchAnswer>;
