import type { FastifyRequest } from 'fastify';
import type { ApiSettings, ApiToken } from '../../config/apiConfig.ts';
import { findApiSession } from '../../db/apiSessions.ts';
import type { Database } from '../../db/database.ts';
import { createAuthenticate, identityOf } from './authenticate.ts';
import type { Identity } from './identity.ts';
import { sessionIdOf } from './sessionCookie.ts';

/** Says who asks: by the token or the proxy of this request, or by the session of an earlier one. */
export function createIdentify(
  settings: ApiSettings,
  database: Database,
): (request: FastifyRequest) => Promise<Identity | null> {
  const authenticate = createAuthenticate(settings);
  return async (request) => {
    const now = new Date();
    const identity = authenticate(request.headers, now);
    const sessionId = identity === null ? sessionIdOf(request) : undefined;
    if (sessionId === undefined || request.headers.authorization !== undefined) return identity;
    const session = await findApiSession(database, sessionId);
    const token = settings.tokens.find(({ sha256 }) => sha256 === session?.tokenSha256);
    return session === undefined || token === undefined || isOver(token, now)
      ? null
      : { ...identityOf(token, 'session'), expiresAt: session.expiresAt };
  };
}

/** A token that is taken out of the settings, or expires, ends its sessions too. */
function isOver({ expiresAt }: ApiToken, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}
