import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const name = 'billcast_session';
const path = '/';

/** 256 random bits, which nobody can guess. */
export function newSessionId(): string {
  return randomBytes(32).toString('base64url');
}

export function sessionIdOf({ cookies }: FastifyRequest): string | undefined {
  const value = cookies[name];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}

/** No script can read it, and no other site can make a browser send it. */
export function setSessionCookie(reply: FastifyReply, id: string, expires: Date): void {
  reply.setCookie(name, id, { path, expires, httpOnly: true, sameSite: 'strict', secure: 'auto' });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(name, { path });
}
