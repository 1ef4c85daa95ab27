import type { FastifyRequest } from 'fastify';
import type { RunActor } from '../../operations/runs/runActor.ts';

/** The person who acts, in the form for the journal and for pause and brakes. */
export function actorOf({ identity }: FastifyRequest): string {
  return `person ${identity?.name ?? 'nobody'}`;
}

/** The same for runs. Without tokens, a request from this machine proves nothing about its person. */
export function runActorOf(request: FastifyRequest): RunActor {
  const { identity } = request;
  return { name: actorOf(request), isNamed: identity !== null && identity.source !== 'loopback' };
}
