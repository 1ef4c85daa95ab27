import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { instantText } from '../../lib/instantText.ts';
import { searchStates } from '../../operations/searchStates.ts';
import {
  billIdText,
  countOf,
  idCursor,
  monthText,
  shownId,
  shownMonth,
  timestamp,
} from './contractShapes.ts';

/** Every condition that is given must be met. */
export const searchRequest = z.strictObject({
  billId: billIdText.optional(),
  memberId: billIdText.optional().describe('A member id'),
  month: monthText.optional(),
  state: z.enum(searchStates).optional(),
  channel: z.enum(channelNames).optional(),
  reason: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'wants a reason code such as EMAIL_REFUSED')
    .optional()
    .describe('The reason code of the row'),
  changedFrom: instantText.optional(),
  changedBefore: instantText.optional(),
  limit: z.int().min(1).max(500).default(100),
  after: idCursor.optional().describe('`next` of the page before'),
});

export const foundBill = z.object({
  billId: shownId,
  month: shownMonth.nullable(),
  state: z.enum(searchStates).describe('HELD and WAITING are listed separately from PENDING'),
  channel: z.enum(channelNames),
  cycle: z.int().min(1),
  attempts: countOf('Hand-offs in this cycle and channel'),
  reason: z.string().nullable(),
  changedAt: timestamp,
  dueAt: timestamp.nullable().describe('When it is looked at next; null if at once, or never'),
});

export const searchAnswer = z.object({
  items: z.array(foundBill).describe('In the order of their ids'),
  next: idCursor.nullable().describe('`after` of the next page; null at the end'),
  searched: z.object({
    rows: countOf('Rows that this page looked at'),
    upTo: shownId.nullable().describe('The last bill that was looked at'),
    complete: z.boolean().describe('Whether all rows behind `after` were looked at'),
  }),
});

export type SearchRequest = z.infer<typeof searchRequest>;
export type FoundBill = z.infer<typeof foundBill>;
export type SearchAnswer = z.infer<typeof searchAnswer>;
