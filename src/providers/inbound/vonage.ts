import { createHash } from 'node:crypto';
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
import type { ReceiptKind } from './receipt.ts';
import { codeIn } from './receiptCode.ts';
import { hmac, isRecent, isSame } from './signatures.ts';

const body = z.object({
  message_uuid: z.string().optional(),
  to: z.string().optional(),
  timestamp: z.string().optional(),
  status: z.string(),
  client_ref: z.string().optional(),
  error: z
    .object({ code: z.union([z.string(), z.number()]).optional(), title: z.unknown().optional() })
    .optional(),
});

const claims = z.object({ iat: z.number(), payload_hash: z.string() });

/** Vonage signs by a JSON Web Token (HS256) that contains the hash of the body. Our key is `client_ref`. */
export const vonage: InboundSource = {
  secret: { pattern: /^\S{16,}$/, words: 'the signature secret of the account' },
  isGenuine(request, key) {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [head = '', payload = '', signature] = token.split('.');
    const wanted = hmac('sha256', { key, text: `${head}.${payload}`, as: 'base64' });
    if (!isSame(signature, wanted.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))) return false;
    const said = claims.safeParse(jsonIn(payload)).data;
    return said !== undefined && isRecent(timeOf(said.iat)) && isSame(said.payload_hash, hashOf(request));
  },
  read(request) {
    const parsed = body.safeParse(jsonOf(request));
    if (!parsed.success) throw new InboundUnreadable('the body is no status of Vonage');
    const { message_uuid: providerId, to, timestamp, status, client_ref: key, error } = parsed.data;
    const kind = kindOf(status, String(error?.code ?? error?.title ?? ''));
    return readingOf([
      kind && {
        attempt: parseAttemptName(key),
        providerId,
        kind,
        at: timeOf(timestamp),
        code: codeIn(status, error?.code ?? error?.title),
        recipient: to,
      },
    ]);
  },
};

function jsonIn(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function hashOf({ body: bytes }: InboundRequest): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function kindOf(status: string, code: string): ReceiptKind | undefined {
  switch (status) {
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'rejected':
      return 'blocked';
    case 'undeliverable':
      // 1120 and 1330: no such number.
      return code === '1120' || code === '1330' ? 'bounced_hard' : 'bounced_soft';
    default:
      return undefined;
  }
}
