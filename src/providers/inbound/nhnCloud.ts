import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { isSame } from './signatures.ts';

const body = z.object({
  productName: z.string().optional(),
  event: z.string(),
  hooks: z.array(z.unknown()),
});

const hook = z.object({
  requestId: z.string().optional(),
  recipientSeq: z.number().optional(),
  recipientNo: z.string().optional(),
  resultCode: z.union([z.string(), z.number()]).optional(),
  messageStatus: z.string().optional(),
  receiveDate: z.string().optional(),
  senderGroupingKey: z.string().optional(),
  recipientGroupingKey: z.string().optional(),
});

/**
 * NHN Cloud sends, as signature, the text that was entered in its console. Our key is `recipientGroupingKey`.
 */
export const nhnCloud: InboundSource = {
  secret: {
    pattern: /^\S{16,}$/,
    words: 'the signature that was entered for the webhook, at least 16 characters',
  },
  isGenuine: ({ headers }, secret) => isSame(headers['x-toast-webhook-signature'], secret),
  read(request) {
    const parsed = body.safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no event of NHN Cloud');
    const { productName, event, hooks } = parsed.data;
    const isResult = event === 'MESSAGE_RESULT_UPDATE';
    const isTalk = /kakao/i.test(productName ?? '');
    return readingOf(
      hooks.map((entry) => (isResult ? receiptOf(hook.safeParse(entry).data, isTalk) : undefined)),
    );
  },
};

function receiptOf(found: z.infer<typeof hook> | undefined, isTalk: boolean): Receipt | undefined {
  if (found === undefined) return undefined;
  const { requestId, recipientSeq, recipientNo, resultCode, messageStatus, receiveDate } = found;
  const kind = kindOf(messageStatus, String(resultCode ?? ''));
  return (
    kind && {
      attempt: parseAttemptName(found.recipientGroupingKey ?? found.senderGroupingKey),
      providerId: isTalk ? messageIdOf(requestId, recipientSeq) : requestId,
      kind,
      at: timeOf(receiveDate?.replace(' ', 'T').replace(/(\.\d+)?$/, '+09:00')),
      code: codeIn(messageStatus, resultCode),
      recipient: recipientNo,
    }
  );
}

/** One AlimTalk request has many messages, which are numbered. */
function messageIdOf(requestId: string | undefined, recipientSeq: number | undefined): string | undefined {
  return requestId === undefined || recipientSeq === undefined ? undefined : `${requestId}.${recipientSeq}`;
}

function kindOf(status: string | undefined, code: string): ReceiptKind | undefined {
  if (status === 'COMPLETED' || code === '1000') return 'delivered';
  if (status !== 'FAILED') return undefined;
  return code === '3000' ? 'bounced_hard' : 'bounced_soft';
}
