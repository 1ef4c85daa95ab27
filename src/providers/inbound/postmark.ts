import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { hasBasicAuth } from './signatures.ts';

const body = z.object({
  RecordType: z.string(),
  Type: z.string().optional(),
  TypeCode: z.number().optional(),
  MessageID: z.string().optional(),
  Recipient: z.string().optional(),
  Email: z.string().optional(),
  DeliveredAt: z.string().optional(),
  BouncedAt: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
});

type Body = z.infer<typeof body>;

/** Postmark signs nothing: its webhook has a user and a password. Our key comes back as metadata. */
export const postmark: InboundSource = {
  secret: { pattern: /^[^:]+:.{16,}$/, words: 'user:password, as in the URL of the webhook' },
  isGenuine: hasBasicAuth,
  read(request) {
    const parsed = body.safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no event of Postmark');
    return readingOf([receiptOf(parsed.data)]);
  },
};

function receiptOf(event: Body): Receipt | undefined {
  const { RecordType, Type, TypeCode, MessageID, Recipient, Email, DeliveredAt, BouncedAt, Metadata } = event;
  const kind = kindOf(RecordType, Type);
  return (
    kind && {
      attempt: parseAttemptName(Metadata?.billcast_key),
      providerId: MessageID,
      kind,
      at: timeOf(DeliveredAt ?? BouncedAt),
      code: codeIn(Type, TypeCode),
      recipient: Recipient ?? Email,
    }
  );
}

/** Types of bounces that are about the address itself. */
const hard: ReadonlySet<string | undefined> = new Set(['HardBounce', 'BadEmailAddress', 'AddressChange']);
const policy: ReadonlySet<string | undefined> = new Set([
  ...['Blocked', 'SpamNotification', 'VirusNotification', 'DMARCPolicy', 'TemplateRenderingFailed'],
  ...['SMTPApiError', 'DnsError', 'OpenRelayTest'],
]);
/** Types that say that it has not come back for good, or that a person answered. */
const noWord: ReadonlySet<string | undefined> = new Set([
  ...['Transient', 'AutoResponder', 'ChallengeVerification', 'Subscribe', 'Unsubscribe', 'InboundError'],
]);

function kindOf(recordType: string, type: string | undefined): ReceiptKind | undefined {
  if (recordType === 'Delivery') return 'delivered';
  if (recordType === 'SpamComplaint' || type === 'SpamComplaint') return 'complained';
  if (recordType !== 'Bounce' || noWord.has(type)) return undefined;
  if (policy.has(type)) return 'blocked';
  return hard.has(type) ? 'bounced_hard' : 'bounced_soft';
}
