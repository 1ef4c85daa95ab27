import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type Channel, channelNames, channels } from '../../src/channels.ts';

/** What the gateway needs to know of a message. */
export interface Submission {
  /** The idempotency key, `<billId>:<channel>:<cycle>`. In a rehearsal more follows. */
  readonly key: string;
  readonly billId: string;
  readonly channel: string;
  readonly cycle: number;
  /** Must not be accepted after this; unix ms. */
  readonly sendBefore: number | undefined;
}

/** A request that breaks the protocol, with the status to answer. */
export interface Malformed {
  readonly status: 400 | 413;
  readonly error: string;
}

/** Reads one POST. Its body must match its key. */
export async function readSubmission(request: IncomingMessage): Promise<Submission | Malformed> {
  const body = await readBody(request);
  if (body === undefined) return { status: 413, error: 'the message is too large' };
  const parsed = message.safeParse(parseJson(body));
  if (!parsed.success) return { status: 400, error: 'the body does not follow the protocol' };
  const { billId, channel, cycle } = parsed.data;
  const key = request.headers['idempotency-key'];
  if (!isKeyOf(key, `${billId}:${channel}:${cycle}`, cycle)) {
    return { status: 400, error: 'the idempotency key is missing or belongs to another message' };
  }
  const sendBefore = Number(request.headers['send-before']);
  return { key, billId, channel, cycle, sendBefore: Number.isFinite(sendBefore) ? sendBefore : undefined };
}

/** Cycle 0 is no bill's: its key has more behind it, see docs/GATEWAY.md. */
function isKeyOf(key: string | string[] | undefined, attempt: string, cycle: number): key is string {
  return cycle === 0 ? typeof key === 'string' && key.startsWith(`${attempt}:`) : key === attempt;
}

const id = z.union([z.number().int().positive().transform(String), z.string().regex(/^[1-9]\d{0,18}$/)]);
const common = { billId: id, memberId: id, cycle: z.number().int().min(0), to: z.string().min(1) };

const message = z.discriminatedUnion('channel', [
  z.object({
    ...common,
    channel: z.enum(channelsOf('email')),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
  }),
  z.object({ ...common, channel: z.enum(channelsOf('text')), text: z.string() }),
]);

function channelsOf(kind: 'email' | 'text'): Channel[] {
  return channelNames.filter((channel) => channels[channel].message.kind === kind);
}

const largestBody = 4 * 1024 * 1024;

/** Undefined if it is too large; the rest is read and discarded. */
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
