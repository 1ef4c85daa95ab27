import {
  createToken,
  listTokens,
  newTokenText,
  revokeToken,
  type TokenFacts,
} from '../../operations/apiTokens.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  type TokenEntry,
  tokenCreate,
  tokenCreated,
  tokenList,
  tokenParams,
  tokenRevoke,
  tokenRevoked,
} from '../contract/tokensContract.ts';
import { actorOf } from '../identity/actor.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['tokens'];
const permission = 'tokens';

/** Who may use the API. */
export function addTokenRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/tokens',
    {
      config: { permission },
      schema: {
        tags,
        summary: 'The facts of all tokens, also revoked and expired ones',
        response: { 200: tokenList },
      },
    },
    async () => {
      const { items, asOf } = await listTokens(deps);
      return { items: items.map(entryOf), asOf: asOf.toISOString() };
    },
  );
  app.post(
    '/api/v1/tokens',
    {
      config: { permission, access: 'createToken' },
      schema: {
        tags,
        summary: 'Make a token; it is in this answer only',
        body: tokenCreate,
        response: { 200: tokenCreated },
      },
    },
    (request) => {
      const { name, roles, expiresAt: expires, reason } = request.body;
      const token = { name, roles, expiresAt: expires === null ? null : new Date(expires) };
      return deps.recorder.change(request, { reason: newTokenText(token, reason) }, () =>
        createToken(deps, { ...token, actor: actorOf(request) }),
      );
    },
  );
  app.post(
    '/api/v1/tokens/:id/revoke',
    {
      config: { permission, access: 'revokeToken' },
      schema: {
        tags,
        summary: 'End a token at once, and the sessions that it began',
        params: tokenParams,
        body: tokenRevoke,
        response: { 200: tokenRevoked },
      },
    },
    (request) => {
      const { id } = request.params;
      return deps.recorder.change(request, { reason: `${id}: ${request.body.reason}` }, async () => {
        const outcome = await revokeToken(deps, { id, actor: actorOf(request) });
        if (outcome === 'unknown') throw new Problem('NOT_FOUND', `There is no token ${id}.`);
        return { revoked: outcome === 'revoked' };
      });
    },
  );
}

function entryOf({ createdAt, expiresAt, lastUsedAt, revokedAt, roles, ...token }: TokenFacts): TokenEntry {
  return {
    ...token,
    roles: [...roles],
    createdAt: createdAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
