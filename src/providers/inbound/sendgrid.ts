import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn, kindOfStatus } from './receiptCode.ts';
import { isEcdsaSigned, isRecent } from './signatures.ts';

const event = z.object({
  event: z.string(),
  email: z.string().optional(),
  timestamp: z.number().optional(),
  sg_message_id: z.string().optional(),
  type: z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  /** Our key: custom arguments come back beside the other fields. */
  billcast_key: z.string().optional(),
});

type Event = z.infer<typeof event>;

/** SendGrid signs time and body by ECDSA. The secret is its public key. */
export const sendgrid: InboundSource = {
  secret: {
    pattern: /^MFk[A-Za-z0-9+/]{80,}={0,2}$/,
    words: 'the verification key of the signed event webhook',
  },
  isGenuine(request, key) {
    const time = request.headers['x-twilio-email-event-webhook-timestamp'] ?? '';
    const signature = request.headers['x-twilio-email-event-webhook-signature'] ?? '';
    return isRecent(timeOf(Number(time))) && isEcdsaSigned(request, { key, time, signature });
  },
  read(request) {
    const parsed = z.array(z.unknown()).safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no list of events of SendGrid');
    return readingOf(parsed.data.map((entry) => receiptOf(event.safeParse(entry).data)));
  },
};

function receiptOf(found: Event | undefined): Receipt | undefined {
  const kind = found && kindOf(found);
  if (found === undefined || kind === undefined) return undefined;
  return {
    attempt: parseAttemptName(found.billcast_key),
    // The id from the answer to our send: the part before the names of SendGrid's machines.
    providerId: found.sg_message_id?.split('.')[0],
    kind,
    at: timeOf(found.timestamp),
    code: codeIn(found.type, found.status, found.reason),
    recipient: found.email,
  };
}

function kindOf({ event: name, type, status, reason }: Event): ReceiptKind | undefined {
  switch (name) {
    case 'delivered':
      return 'delivered';
    case 'spamreport':
      return 'complained';
    case 'bounce':
      if (type === 'blocked') return 'blocked';
      return status === undefined ? 'bounced_hard' : kindOfStatus(status);
    case 'dropped':
      return reason === 'Bounced Address' || reason === 'Invalid' ? 'bounced_hard' : 'blocked';
    default:
      return undefined;
  }
}
