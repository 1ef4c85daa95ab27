import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

/** One message that somebody wants sent, as far as the gateway cares. */
export interface Submission {
  /** The idempotency key, `<billId>:<channel>:<cycle>`. */
  readonly key: string;
  readonly billId: string;
  readonly channel: string;
  readonly cycle: number;
  /** Not to be taken any more after this; unix ms. */
  readonly sendBefore: number | undefined;
}

/** A request that is none of the protocol's, with the status that says so. */
export interface Malformed {
  readonly status: 400 | 413;
  readonly error: string;
}

/** Reads one POST; the body must say the same as the key. */
export async function readSubmission(request: IncomingMessage): Promise<Submission | Malformed> {
  const body = await readBody(request);
  if (body === undefined) return { status: 413, error: 'the message is too large' };
  const parsed = message.safeParse(parseJson(body));
  if (!parsed.success) return { status: 400, error: 'the body is none of the protocol' };
  const { billId, channel, cycle } = parsed.data;
  const key = `${billId}:${channel}:${cycle}`;
  if (request.headers['idempotency-key'] !== key) {
    return { status: 400, error: 'the idempotency key is missing or of another message' };
  }
  const sendBefore = Number(request.headers['send-before']);
  return { key, billId, channel, cycle, sendBefore: Number.isFinite(sendBefore) ? sendBefore : undefined };
}

const id = z.union([z.number().int().positive().transform(String), z.string().regex(/^[1-9]\d{0,18}$/)]);
const common = { billId: id, memberId: id, cycle: z.number().int().positive(), to: z.string().min(1) };

const message = z.discriminatedUnion('channel', [
  z.object({
    ...common,
    channel: z.literal('EMAIL'),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
  }),
  z.object({ ...common, channel: z.literal('SMS'), text: z.string() }),
]);

const largestBody = 4 * 1024 * 1024;

/** Undefined where it is too large; the rest of it is read and thrown away. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
  }
  return bytes <= largestBody ? Buffer.concat(chunks).toString() : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
