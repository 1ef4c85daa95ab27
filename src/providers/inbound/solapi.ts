import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { isSame } from './signatures.ts';

const report = z.object({
  messageId: z.string().optional(),
  to: z.string().optional(),
  statusCode: z.string(),
  dateReceived: z.string().nullish(),
  dateReported: z.string().nullish(),
  customFields: z.object({ key: z.string().optional() }).nullish(),
});

/**
 * SOLAPI sends lists of reports, with the SHA-1 of the secret that was entered for the webhook. Our key is a
 * custom field.
 */
export const solapi: InboundSource = {
  secret: {
    pattern: /^\S{16,}$/,
    words: 'the secret that was entered for the webhook, at least 16 characters',
  },
  isGenuine({ headers }, secret) {
    return isSame(headers['x-solapi-secret'], createHash('sha1').update(secret).digest('hex'));
  },
  read(request) {
    const parsed = z.array(z.unknown()).safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no list of reports of SOLAPI');
    const isReport = request.headers['x-solapi-event-name'] !== 'GROUP-REPORT';
    return readingOf(
      parsed.data.map((entry) => (isReport ? receiptOf(report.safeParse(entry).data) : undefined)),
    );
  },
};

function receiptOf(found: z.infer<typeof report> | undefined): Receipt | undefined {
  if (found === undefined) return undefined;
  const kind = kindOf(found.statusCode);
  return (
    kind && {
      attempt: parseAttemptName(found.customFields?.key),
      providerId: found.messageId,
      kind,
      at: timeOf(found.dateReceived ?? found.dateReported),
      code: kind === 'delivered' ? undefined : codeIn(found.statusCode),
      recipient: found.to,
    }
  );
}

/** The sender's fault: not registered, no template of the channel, sent at night. */
const aboutSender: ReadonlySet<string> = new Set([
  '1062',
  '3058',
  '3059',
  '3101',
  '3103',
  '3105',
  '3106',
  '3108',
]);

/** Judges codes as `providers/solapi.json` does for its list. */
function kindOf(code: string): ReceiptKind | undefined {
  if (code === '4000') return 'delivered';
  if (code === '2000' || code === '3000' || !/^[123]\d{3}$/.test(code)) return undefined;
  // The member does not use KakaoTalk.
  if (code === '3104') return 'bounced_hard';
  return aboutSender.has(code) ? 'blocked' : 'bounced_soft';
}
