import { parseAttemptName } from './attemptName.ts';
import { type InboundRequest, type InboundSource, readingOf } from './inboundSource.ts';
import type { ReceiptKind } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { hmac, isSame } from './signatures.ts';

/**
 * Twilio signs the address that it calls and the form's fields in the order of their names. Our key is in
 * that address: `StatusCallback=https://.../inbound/twilio?key=42:SMS:1`.
 */
export const twilio: InboundSource = {
  secret: { pattern: /^[0-9a-f]{32}$/, words: 'the auth token of the account' },
  isGenuine(request, key) {
    const fields = [...formOf(request)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat();
    const text = request.url.href + fields.join('');
    const wanted = hmac('sha1', { key, text, as: 'base64' });
    return isSame(request.headers['x-twilio-signature'], wanted);
  },
  read(request) {
    const form = formOf(request);
    const kind = kindOf(form.get('MessageStatus'), form.get('ErrorCode'));
    return readingOf([
      kind && {
        attempt: parseAttemptName(request.url.searchParams.get('key')),
        providerId: form.get('MessageSid') ?? undefined,
        kind,
        code: kind === 'delivered' ? undefined : codeIn(form.get('MessageStatus'), form.get('ErrorCode')),
        recipient: form.get('To') ?? undefined,
      },
    ]);
  },
};

function formOf({ body }: InboundRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

/** Unknown handset, landline or unreachable carrier. */
const aboutNumber: ReadonlySet<string | null> = new Set(['30005', '30006', '21211', '21614']);
/** Spam filters, unregistered senders, credit. */
const policy: ReadonlySet<string | null> = new Set(['30002', '30007', '30032', '30034', '21610', '63018']);

function kindOf(status: string | null, error: string | null): ReceiptKind | undefined {
  switch (status) {
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'undelivered':
    case 'failed':
      if (policy.has(error)) return 'blocked';
      return aboutNumber.has(error) ? 'bounced_hard' : 'bounced_soft';
    default:
      return undefined;
  }
}
