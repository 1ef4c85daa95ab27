import { z } from 'zod';
import { shownId, timestamp } from './contractShapes.ts';

export const memberSearchAnswer = z.object({
  memberIds: z.array(shownId).describe('Members with this contact, at most 50'),
  completeAt: timestamp
    .nullable()
    .describe('When all members were looked at last. Null: some never were, so some may be missing'),
});

export type MemberSearchAnswer = z.infer<typeof memberSearchAnswer>;
