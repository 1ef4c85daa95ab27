import { type FastifyInstance, fastify } from 'fastify';
import { CompressionTypes, type Producer } from 'kafkajs';
import type { Database } from '../../../src/db/database.ts';
import { publishAll } from './floorStatements.ts';

/*
 * The least that publishing needs: the row is marked, and the event is in Kafka before the answer. If this
 * process dies in between, nobody publishes the event again. That is what the product has its outbox for.
 */

/** `POST /api/v1/publish` with `{"billIds": [1, 2]}`, as cheaply as we know how. */
export function createFloorEndpoint(
  database: Database,
  { producer, topic }: { readonly producer: Producer; readonly topic: string },
): FastifyInstance {
  const server = fastify();
  server.post<{ Body: { billIds: number[] } }>('/api/v1/publish', async ({ body }) => {
    const rows = await publishAll(database, body.billIds);
    await producer.send({
      topic,
      acks: -1,
      compression: CompressionTypes.LZ4,
      messages: rows.map(([billId, memberId]) => ({
        key: billId,
        value: `{"memberId":${memberId},"billId":${billId}}`,
      })),
    });
    return { published: rows.length };
  });
  return server;
}
