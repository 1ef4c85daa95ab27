import { z } from 'zod';
import { messageForms } from '../../channelModule.ts';
import { type Channel, channelNames, channels } from '../../channels.ts';
import { inboundNames } from '../inbound/inboundRegistry.ts';
import { receiptKinds } from '../inbound/receipt.ts';
import { bodyConditions, isAbsence, statuses } from './answerSchema.ts';
import { pointer, template } from './templateSchema.ts';

const queryName = z.string().regex(/^[\w.-]+$/, 'must be the name of a query parameter');

const pages = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('none') }).describe('A list comes whole'),
    z
      .strictObject({
        by: z.literal('token'),
        query: queryName,
        next: pointer,
        more: pointer.optional().describe('If false stands there, it was the last page'),
      })
      .describe('The answer names the next page; nothing there: it was the last one'),
    z
      .strictObject({
        by: z.literal('number'),
        query: queryName,
        first: z.int().min(0).max(1).default(1),
        total: pointer.optional().describe('How many items all pages have'),
      })
      .describe(
        'Pages are counted. The last one is that with which the total is reached, or else an empty one',
      ),
  ])
  .describe('How a list goes on');

const rule = z.strictObject({
  body: bodyConditions.describe('Of the item. All must hold'),
  means: z
    .enum([...receiptKinds, 'open'])
    .describe('What became of the message; open: nothing is decided yet. The first rule that fits counts'),
});

const answer = z
  .strictObject({ status: statuses, body: bodyConditions })
  .refine(({ body }) => Object.values(body).some((test) => !isAbsence(test)), {
    path: ['body'],
    message: 'needs a condition that only the provider can fulfil: a proxy answers 200 too',
  })
  .describe('What the answer of the provider looks like. Any other says nothing, and is asked for again');

const times = z
  .enum(['iso', 'korea', 'koreaMinutes', 'unixSeconds', 'unixMs'])
  .default('iso')
  .describe(
    'How times are written: 2026-11-28T10:00:00.000Z, 2026-11-28 19:00:00, 2026-11-28 19:00, or a number',
  );

const said = {
  answer,
  times,
  to: pointer.optional().describe('Where the recipient is. Only a keyed hash of it is kept'),
  at: pointer.optional().describe('Where its time is'),
  code: z.array(pointer).default([]).describe('Where its codes are'),
  rules: z.array(rule).min(1).describe('What none fits is open'),
};

const items = {
  ...said,
  items: pointer.describe('The items; * stands for each item of a list, or each value of an object'),
  key: pointer.optional().describe('Where our key is in an item. Items without one are not ours'),
  id: z
    .array(pointer)
    .min(1)
    .optional()
    .describe("Where the provider's id is; several parts are joined by a dot"),
  withRecipient: z
    .boolean()
    .default(false)
    .describe('The id is that of a whole request, kept with `idWithRecipient`; needs `to`'),
};

const forms = z.array(z.enum(messageForms)).min(1).describe('The messages that it tells of');
const pollName = z
  .string()
  .regex(/^[a-z][\w-]{0,39}$/, 'must be a name such as messages')
  .describe('How far it has read is kept under this name');
const perSecond = z.number().min(0.05).max(100).default(2).describe('Requests per second, of all processes');
const everySeconds = z.int().min(1).max(86_400).default(30);

const byTime = z
  .strictObject({
    by: z.literal('time').describe('It lists what changed within a time'),
    name: pollName,
    forms,
    path: template('poll').regex(/^\//, 'must begin with /').describe('With {{from}} and {{until}}'),
    longestMinutes: z.int().min(1).max(44_640).default(60).describe('The longest span of one request'),
    lagSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(120)
      .describe('How old a change is before it is surely listed'),
    overlapSeconds: z.int().min(0).max(86_400).default(30).describe('How much is read again each time'),
    everySeconds,
    perSecond,
    pages: pages.default({ by: 'none' }),
    empty: statuses
      .optional()
      .describe('An answer that means an empty list and proves nothing: the last hour is read again'),
    ...items,
  })
  .refine(({ path }) => path.includes('{{from}}') && path.includes('{{until}}'), {
    path: ['path'],
    message: 'must have {{from}} and {{until}}',
  })
  .refine(({ longestMinutes, overlapSeconds }) => longestMinutes * 60 >= 2 * overlapSeconds, {
    path: ['overlapSeconds'],
    message: 'must be at most half of longestMinutes',
  })
  .refine(({ longestMinutes, empty }) => empty === undefined || longestMinutes >= 120, {
    path: ['longestMinutes'],
    message: 'must be 120 or more with `empty`: the last hour is read again',
  })
  .refine(({ key, id }) => key !== undefined || id !== undefined, {
    path: ['key'],
    message: 'or id must say whose message an item is',
  })
  .refine(({ withRecipient, id, to }) => !withRecipient || (id !== undefined && to !== undefined), {
    path: ['withRecipient'],
    message: 'needs id and to',
  });

const byId = z
  .strictObject({
    by: z
      .literal('id')
      .describe(
        'It tells of one message. It is asked about each at the pace of RECEIPT_RATES, and not without it',
      ),
    name: pollName,
    forms,
    path: template('asked')
      .regex(/^\//, 'must begin with /')
      .describe('With {{id}}, of the provider, or with what we sent: {{key}}, {{billId}}, {{cycle}}'),
    missing: answer.optional().describe('What its answer looks like if it knows nothing of the message'),
    id: pointer
      .optional()
      .describe('Where the answer repeats the id. Without it, it is no answer about the message'),
    itemId: pointer.optional().describe('Instead of `id`: where each item has the id. Others are left out'),
    itemIdEnds: z
      .string()
      .min(1)
      .optional()
      .describe('The id of an item may go on behind this, such as a dot'),
    itemKey: pointer.optional().describe('Instead of `id`: where each item has our key. Others are left out'),
    items: pointer
      .default('')
      .describe(
        'Each says something of the message; * stands for each item of a list. Empty: the answer does',
      ),
    ...said,
  })
  .refine(({ path }) => /\{\{(id|key|billId)\}\}/.test(path), {
    path: ['path'],
    message: 'must have {{id}}, {{key}} or {{billId}}',
  })
  .refine(
    ({ id, itemId, itemKey }) => [id, itemId, itemKey].filter((one) => one !== undefined).length === 1,
    { path: ['id'], message: 'or itemId or itemKey must say which message the answer is about' },
  )
  .refine(({ itemId, itemIdEnds }) => itemIdEnds === undefined || itemId !== undefined, {
    path: ['itemIdEnds'],
    message: 'needs itemId',
  });

export const receipts = z
  .strictObject({
    webhook: z.enum(inboundNames).optional().describe('The name in INBOUND_SECRETS of its webhooks'),
    polls: z
      .array(z.discriminatedUnion('by', [byTime, byId]))
      .default([])
      .describe('What the dispatchers ask for'),
  })
  .refine(({ webhook, polls }) => webhook !== undefined || polls.length > 0, 'must have webhook or polls')
  .refine(({ polls }) => new Set(polls.map(({ name }) => name)).size === polls.length, {
    path: ['polls'],
    message: 'must have different names',
  })
  .describe('How receipts come: what became of messages after they were accepted');
export type PollMapping = z.infer<typeof byTime>;
export type MessagePollMapping = z.infer<typeof byId>;
export type AnyPollMapping = PollMapping | MessagePollMapping;

/** The channels whose messages it tells of. */
export function polledChannels({ forms: told }: Pick<AnyPollMapping, 'forms'>): Channel[] {
  return channelNames.filter((channel) =>
    channels[channel].forms.some((form) => form !== undefined && told.includes(form)),
  );
}
