import type { FastifyRequest } from 'fastify';
import type { ApiSettings } from '../../config/apiConfig.ts';
import { findApiSession } from '../../db/apiSessions.ts';
import type { Database } from '../../db/database.ts';
import { bearerOf, createAuthenticate, identityOf } from './authenticate.ts';
import type { Identity } from './identity.ts';
import { createKnownTokens, type KnownTokens } from './knownTokens.ts';
import { sessionIdOf } from './sessionCookie.ts';

/** Finds the identity behind a request: by its token or proxy, or by an earlier sign-in. */
export function createIdentify(
  settings: ApiSettings,
  database: Database,
): (request: FastifyRequest) => Promise<Identity | null> {
  const authenticate = createAuthenticate(settings);
  const known = createKnownTokens(settings, database);
  return async (request) => {
    const now = new Date();
    const identity = authenticate(request.headers, now);
    if (identity !== null) return identity;
    const text = bearerOf(request.headers);
    if (text === undefined) return identityOfSession({ request, known, database }, now);
    const token = await known.find(text, now);
    return token === undefined ? null : identityOf(token, 'token');
  };
}

interface SessionDeps {
  readonly request: FastifyRequest;
  readonly known: KnownTokens;
  readonly database: Database;
}

/** If a token is revoked, removed from the settings, or expired, its sessions end too. */
async function identityOfSession(
  { request, known, database }: SessionDeps,
  now: Date,
): Promise<Identity | null> {
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : await findApiSession(database, id);
  if (session === undefined) return null;
  const token = await known.findBySha256(session.tokenSha256, now);
  return token === undefined ? null : { ...identityOf(token, 'session'), expiresAt: session.expiresAt };
}
