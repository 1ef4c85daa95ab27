import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf, timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn, kindOfStatus } from './receiptCode.ts';
import { isStandardWebhook } from './signatures.ts';

const tags = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.object({ name: z.string(), value: z.unknown() })),
]);

const body = z.object({
  type: z.string(),
  created_at: z.string().optional(),
  data: z.object({
    email_id: z.string().optional(),
    to: z.union([z.string(), z.array(z.string())]).optional(),
    tags: tags.optional(),
    bounce: z
      .object({ type: z.string().optional(), subType: z.string().optional(), message: z.string().optional() })
      .optional(),
  }),
});

type Body = z.infer<typeof body>;

/** Resend signs by Svix. Our key comes back in the tag `billcast_key`. */
export const resendCom: InboundSource = {
  secret: {
    pattern: /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/,
    words: 'whsec_..., the signing secret of the webhook',
  },
  isGenuine: isStandardWebhook,
  read(request) {
    const parsed = body.safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no event of Resend');
    return readingOf([receiptOf(parsed.data)]);
  },
};

function receiptOf({ type, created_at: at, data }: Body): Receipt | undefined {
  const kind = kindOf(type, data.bounce);
  return (
    kind && {
      attempt: parseAttemptName(tagOf(data.tags)),
      providerId: data.email_id,
      kind,
      at: timeOf(at),
      code: codeIn(data.bounce?.type, data.bounce?.subType, data.bounce?.message),
      recipient: [data.to ?? []].flat()[0],
    }
  );
}

function kindOf(type: string, bounce: Body['data']['bounce']): ReceiptKind | undefined {
  switch (type) {
    case 'email.delivered':
      return 'delivered';
    case 'email.complained':
      return 'complained';
    case 'email.bounced':
      if (bounce?.type !== 'Permanent') return 'bounced_soft';
      return bounce.subType === 'General' || bounce.subType === undefined
        ? hardUnlessPolicy(bounce.message)
        : 'bounced_hard';
    case 'email.suppressed':
      return 'bounced_soft';
    case 'email.failed':
      return 'blocked';
    default:
      return undefined;
  }
}

function hardUnlessPolicy(message: string | undefined): ReceiptKind {
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(message ?? '')?.[0];
  return status !== undefined && kindOfStatus(status) === 'blocked' ? 'blocked' : 'bounced_hard';
}

function tagOf(found: z.infer<typeof tags> | undefined): unknown {
  if (Array.isArray(found)) return found.find(({ name }) => name === 'billcast_key')?.value;
  return found?.billcast_key;
}
