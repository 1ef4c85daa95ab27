import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn, kindOfStatus } from './receiptCode.ts';
import { hasBasicAuth } from './signatures.ts';

const envelope = z.object({
  Type: z.string(),
  Message: z.string().optional(),
  SubscribeURL: z.string().optional(),
});

const bounced = z.object({
  bounceType: z.string().optional(),
  bounceSubType: z.string().optional(),
  timestamp: z.string().optional(),
  bouncedRecipients: z
    .array(z.object({ emailAddress: z.string().optional(), status: z.string().optional() }))
    .default([]),
});

const message = z.object({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    messageId: z.string().optional(),
    destination: z.array(z.string()).default([]),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: bounced.optional(),
  complaint: z.object({ timestamp: z.string().optional() }).optional(),
  delivery: z.object({ timestamp: z.string().optional() }).optional(),
});

type Message = z.infer<typeof message>;

/**
 * Amazon SES reports by SNS over HTTPS. The subscription's URL has a user and a password, which SNS sends
 * with each message. Our key comes back in the tag `billcast_key`, as `42_EMAIL_1`, because tags cannot
 * contain a colon.
 */
export const ses: InboundSource = {
  secret: { pattern: /^[^:]+:.{16,}$/, words: 'user:password, as in the URL of the subscription' },
  isGenuine: hasBasicAuth,
  read(request) {
    const parsed = envelope.safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no message of SNS');
    const { Type, Message: text, SubscribeURL: confirmAt } = parsed.data;
    if (Type === 'SubscriptionConfirmation') return { receipts: [], ignored: 0, confirmAt };
    return readingOf([text === undefined ? undefined : receiptOf(messageIn(text))]);
  },
};

function messageIn(text: string): Message {
  try {
    return message.parse(JSON.parse(text));
  } catch (cause) {
    throw new InboundUnreadable('the message of SNS is no event of SES', { cause });
  }
}

function receiptOf({ eventType, notificationType, mail, bounce, complaint, delivery }: Message) {
  const kind = kindOf(eventType ?? notificationType, bounce);
  const [recipient] = bounce?.bouncedRecipients ?? [];
  return (
    kind &&
    ({
      attempt: parseAttemptName(mail.tags?.billcast_key?.[0]),
      providerId: mail.messageId,
      kind,
      at: timeOf(bounce?.timestamp ?? complaint?.timestamp ?? delivery?.timestamp),
      code: codeIn(bounce?.bounceType, bounce?.bounceSubType, recipient?.status),
      recipient: recipient?.emailAddress ?? mail.destination[0],
    } satisfies Receipt)
  );
}

function kindOf(type: string | undefined, bounce: Message['bounce']): ReceiptKind | undefined {
  switch (type) {
    case 'Delivery':
      return 'delivered';
    case 'Complaint':
      return 'complained';
    case 'Reject':
      return 'blocked';
    case 'Bounce':
      return kindOfBounce(bounce);
    default:
      return undefined;
  }
}

function kindOfBounce(bounce: Message['bounce']): ReceiptKind {
  if (bounce?.bounceType !== 'Permanent') return 'bounced_soft';
  const status = bounce.bouncedRecipients[0]?.status;
  return status !== undefined && kindOfStatus(status) === 'blocked' ? 'blocked' : 'bounced_hard';
}
