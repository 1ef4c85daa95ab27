import { type FastifyInstance, fastify } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../../src/db/database.ts';
import { releaseAll } from '../../../src/operations/releaseBills.ts';
import { releaseById } from '../benchRows.ts';

const request = z.union([
  z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be YYYY-MM') }),
  z.object({ billIds: z.array(z.coerce.bigint().min(1n)).min(1).max(10_000) }),
]);

/**
 * `POST /publish` with `{"month": "2026-11"}` or `{"billIds": [1, 2]}` releases held bills, and the relay
 * publishes their events. It answers `{"published": n}`, how many were still held. The same request may come
 * twice.
 */
export function createPublishEndpoint(database: Database): FastifyInstance {
  const server = fastify();
  server.post('/publish', async ({ body }, reply) => {
    const parsed = request.safeParse(body);
    if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) });
    return { published: await release(database, parsed.data) };
  });
  return server;
}

function release(database: Database, wanted: z.infer<typeof request>): Promise<number> {
  return 'month' in wanted
    ? releaseAll(database, { month: `${wanted.month}-01` })
    : releaseById(database, wanted.billIds.map(String));
}
