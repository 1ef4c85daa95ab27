import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { suppressionReasons } from '../../db/suppressions.ts';
import { billIdText, countOf, pageSize, reasonText, shownId, timestamp, yesOrNo } from './contractShapes.ts';

const entryId = z.string().regex(/^[1-9]\d{0,17}$/, 'is no id of an entry');
const channel = z.enum(channelNames);

export const suppressionsQuery = z.strictObject({
  channel: channel.optional(),
  memberId: billIdText.optional().describe('Of this member'),
  all: yesOrNo.default(false).describe('Also entries that were reactivated'),
  limit: pageSize,
  after: entryId.optional().describe('`next` of the page before'),
});

/** An address that nothing is sent to. The address itself is not stored. */
const suppression = z.object({
  id: entryId,
  channel,
  reason: z.enum(suppressionReasons),
  memberId: shownId,
  billId: shownId.describe('The bill that led to the entry'),
  note: z.string().nullable(),
  addedAt: timestamp,
  addedBy: z.string(),
  reactivatedAt: timestamp.nullable().describe('The address is tried again since'),
  reactivatedBy: z.string().nullable(),
});

export const suppressions = z.object({
  items: z.array(suppression).describe('The newest first'),
  next: z.string().nullable(),
});

/** Of one address. */
export const suppressionsFound = z.object({
  items: z.array(suppression).describe('Also entries that were reactivated; the newest first'),
});

export const suppressRequest = z.object({ billId: billIdText, channel, reason: reasonText });

export const suppressAnswer = z.object({
  suppressed: countOf('Addresses that were not on the list'),
  onTheList: countOf('Addresses that were'),
  withoutAddress: countOf('Bills without an address of this channel'),
});

export const suppressionParams = z.object({ id: entryId });
export const suppressionChange = z.object({ reason: reasonText });
export const suppressionChanged = z.object({ changed: countOf('Entries that were on the list') });

export type SuppressionEntry = z.infer<typeof suppression>;
export type SuppressionPage = z.infer<typeof suppressions>;
export type SuppressionsFound = z.infer<typeof suppressionsFound>;
