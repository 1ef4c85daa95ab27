import { z } from 'zod';
import { parseAttemptName } from './attemptName.ts';
import { type InboundSource, InboundUnreadable, jsonOf, readingOf } from './inboundSource.ts';
import { receiptKinds } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { isStandardWebhook } from './signatures.ts';

const body = z.object({
  receipts: z
    .array(
      z.object({
        key: z.string().optional(),
        id: z.string().max(200).optional(),
        kind: z.enum(receiptKinds),
        at: z.coerce.date().nullish(),
        code: z.union([z.string(), z.number()]).optional(),
        to: z.string().max(400).optional(),
      }),
    )
    .max(1_000),
});

/** A gateway that speaks our own protocol, see docs/GATEWAY.md. */
export const ownGateway: InboundSource = {
  secret: { pattern: /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, words: 'whsec_ and base64 of 24 bytes or more' },
  isGenuine: isStandardWebhook,
  read(request) {
    const parsed = body.safeParse(jsonOf(request));
    if (!parsed.success) {
      throw new InboundUnreadable(`the body is not {"receipts":[...]}: ${z.prettifyError(parsed.error)}`);
    }
    return readingOf(
      parsed.data.receipts.map(({ key, id, kind, at, code, to }) => ({
        attempt: parseAttemptName(key),
        providerId: id,
        kind,
        at: at ?? undefined,
        code: codeIn(code),
        recipient: to,
      })),
    );
  },
};
