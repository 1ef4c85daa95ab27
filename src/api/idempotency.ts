import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v4 as newId } from 'uuid';
import { z } from 'zod';
import { type ApiRequestKey, beginApiRequest, dropApiRequest, finishApiRequest } from '../db/apiRequests.ts';
import type { Database } from '../db/database.ts';
import { Problem } from './problems/problem.ts';

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'wants 1 to 255 visible ASCII characters')
    .optional()
    .describe('The same request with the same key within 24 h gets the first answer again'),
});

/** A little longer than the longest request may take. */
const lockMs = 16 * 60_000;
const keepMs = 24 * 3_600_000;

interface OnceRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Stands for a body that is read as a stream. Default: the body itself. */
  readonly body?: unknown;
}

/**
 * Runs the work of a request once per Idempotency-Key, by draft-ietf-httpapi-idempotency-key-header-07: the
 * same request again gets the same answer, another one under the same key is refused. Without a key it just
 * runs.
 */
export async function oncePerKey<Answer>(
  database: Database,
  { request, reply, body = request.body }: OnceRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return work();
  const entry: ApiRequestKey = { principal: request.identity?.name ?? '', key, owner: newId() };
  const state = await beginApiRequest(database, entry, {
    fingerprint: fingerprintOf(request, body),
    lockMs,
    keepMs,
  });
  switch (state.kind) {
    case 'begun':
      return run(database, entry, work);
    case 'busy':
      throw new Problem('IDEMPOTENCY_KEY_BUSY', '', { headers: { 'retry-after': '1' } });
    case 'other':
      throw new Problem('IDEMPOTENCY_KEY_REUSED');
    case 'answered':
      reply.header('idempotent-replayed', 'true');
      // A repeat changes nothing, and the first request was recorded.
      request.isRecorded = true;
      return JSON.parse(state.response) as Answer;
    default:
      return state satisfies never;
  }
}

async function run<Answer>(
  database: Database,
  entry: ApiRequestKey,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await work();
    await finishApiRequest(database, entry, JSON.stringify(answer));
    return answer;
  } catch (error) {
    await dropApiRequest(database, entry);
    throw error;
  }
}

function fingerprintOf({ method, url }: FastifyRequest, body: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body]))
    .digest();
}
