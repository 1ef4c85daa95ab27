import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import {
  type InboundRequest,
  type InboundSource,
  InboundUnreadable,
  jsonOf,
  readingOf,
  timeOf,
} from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn, kindOfStatus } from './receiptCode.ts';
import { hmac, isRecent, isSame } from './signatures.ts';

const signed = z.object({
  signature: z.object({ timestamp: z.string(), token: z.string(), signature: z.string() }),
  'event-data': z.object({
    event: z.string(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    timestamp: z.number().optional(),
    recipient: z.string().optional(),
    message: z.object({ headers: z.object({ 'message-id': z.string().optional() }) }).optional(),
    'user-variables': z.record(z.string(), z.unknown()).optional(),
    'delivery-status': z
      .object({ code: z.number().optional(), 'enhanced-code': z.string().optional() })
      .optional(),
  }),
});

type Event = z.infer<typeof signed>['event-data'];

/** Mailgun signs a time and a token in the body. Our key comes back as a user variable. */
export const mailgun: InboundSource = {
  secret: { pattern: /^[\w-]{16,}$/, words: 'the HTTP webhook signing key' },
  isGenuine(request, key) {
    const { timestamp, token, signature } = bodyOf(request).signature;
    const wanted = hmac('sha256', { key, text: timestamp + token, as: 'hex' });
    return isRecent(timeOf(Number(timestamp))) && isSame(signature, wanted);
  },
  read: (request) => readingOf([receiptOf(bodyOf(request)['event-data'])]),
};

function bodyOf(request: InboundRequest): z.infer<typeof signed> {
  const parsed = signed.safeParse(jsonOf(request));
  if (!parsed.success) throw new InboundUnreadable('the body is no event of Mailgun');
  return parsed.data;
}

function receiptOf(event: Event): Receipt | undefined {
  const kind = kindOf(event);
  const status = event['delivery-status'];
  return (
    kind && {
      attempt: parseAttemptName(event['user-variables']?.billcast_key),
      providerId: event.message?.headers['message-id'],
      kind,
      at: timeOf(event.timestamp),
      code: codeIn(event.reason, status?.code, status?.['enhanced-code']),
      recipient: event.recipient,
    }
  );
}

function kindOf(event: Event): ReceiptKind | undefined {
  switch (event.event) {
    case 'delivered':
      return 'delivered';
    case 'complained':
      return 'complained';
    case 'failed':
      // Mailgun itself retries after a temporary failure.
      if (event.severity !== 'permanent') return undefined;
      if (event.reason === 'suppress-bounce' || event.reason === 'suppress-complaint') return 'bounced_hard';
      return kindOfFailure(event['delivery-status']);
    default:
      return undefined;
  }
}

function kindOfFailure(status: Event['delivery-status']): ReceiptKind {
  const code = status?.['enhanced-code'];
  if (code !== undefined && code !== '') return kindOfStatus(code);
  return status?.code === 550 || status?.code === 605 ? 'bounced_hard' : 'bounced_soft';
}
