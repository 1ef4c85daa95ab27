import { channelNames, channels } from '../../channels.ts';
import { createApiSession, endApiSession } from '../../db/apiSessions.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { type SessionFacts, sessionFacts, signedOut, signIn } from '../contract/sessionContract.ts';
import { identityOf } from '../identity/authenticate.ts';
import { isFromOtherSite } from '../identity/guard.ts';
import type { Identity } from '../identity/identity.ts';
import { createKnownTokens } from '../identity/knownTokens.ts';
import {
  clearSessionCookie,
  newSessionId,
  sessionIdOf,
  setSessionCookie,
} from '../identity/sessionCookie.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['session'];
const sessionMs = 12 * 3_600_000;
/** Nobody types tokens faster, and programs do not need sessions. */
const signInsPerSecond = 5;

/** Lets browsers sign in with a token, because an EventSource cannot send a header. */
export function addSessionRoutes(app: ApiApp, { config, database, log }: ApiDeps): void {
  const known = createKnownTokens(config.api, database);
  const session = { tags, response: { 200: sessionFacts } };
  app.post(
    '/api/v1/session',
    {
      config: { permission: 'open', rateLimit: { max: signInsPerSecond, timeWindow: 1_000 } },
      schema: { ...session, summary: 'Sign in with a token; sets a cookie', body: signIn },
    },
    async (request, reply) => {
      if (isFromOtherSite(request.headers)) throw new Problem('CROSS_SITE');
      const now = new Date();
      const token = await known.find(request.body.token, now);
      if (token === undefined) {
        log.warn({ from: request.ip, requestId: request.id }, 'sign-in refused');
        throw new Problem('NOT_SIGNED_IN', 'There is no such token, or it has expired.');
      }
      const expiresAt = earlier(token.expiresAt, new Date(now.getTime() + sessionMs));
      const id = newSessionId();
      await createApiSession(database, id, { tokenSha256: token.sha256, expiresAt });
      setSessionCookie(reply, id, expiresAt);
      return factsOf({ ...identityOf(token, 'session'), expiresAt }, config);
    },
  );
  app.get(
    '/api/v1/session',
    { config: { permission: 'signedIn' }, schema: { ...session, summary: 'Who asks, and what they may' } },
    ({ identity }) => factsOf(someone(identity), config),
  );
  app.delete(
    '/api/v1/session',
    {
      config: { permission: 'signedIn' },
      schema: { tags, summary: 'Sign out', response: { 200: signedOut } },
    },
    async (request, reply) => {
      const id = sessionIdOf(request);
      if (id !== undefined) await endApiSession(database, id);
      clearSessionCookie(reply);
      return { signedOut: id !== undefined };
    },
  );
}

function earlier(a: Date | null, b: Date): Date {
  return a !== null && a < b ? a : b;
}

function someone(identity: Identity | null): Identity {
  if (identity === null) throw new Problem('NOT_SIGNED_IN');
  return identity;
}

function factsOf(
  { name, roles, permissions, source, expiresAt }: Identity,
  { source: { idKind } }: ApiDeps['config'],
): SessionFacts {
  return {
    name,
    roles: [...roles],
    permissions: [...permissions],
    source,
    expiresAt: expiresAt?.toISOString() ?? null,
    billIdKind: idKind,
    channels: channelNames.map((channel) => {
      const { label, labelInKorean = label } = channels[channel];
      return { channel, label, labelInKorean };
    }),
  };
}
