import type { FastifyRequest } from 'fastify';

/** Who acts, as the journal and the switches name people. */
export function actorOf({ identity }: FastifyRequest): string {
  return `person ${identity?.name ?? 'nobody'}`;
}
