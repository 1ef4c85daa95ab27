import { createHash, randomBytes } from 'node:crypto';
import { v4 as newId } from 'uuid';
import type { ApiSettings } from '../config/apiConfig.ts';
import type { Database } from '../db/database.ts';
import { addApiToken, listApiTokens, revokeApiToken } from '../db/keptTokens.ts';
import { BillcastError } from '../errors.ts';
import { type Role, roleNames } from '../policy/roles.ts';

interface TokenDeps {
  readonly database: Database;
  readonly config: { readonly api: Pick<ApiSettings, 'tokens' | 'trustedProxy'> };
}

export interface TokenRequest {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Null if it does not expire. */
  readonly expiresAt: Date | null;
  /** `person <name>` */
  readonly actor: string;
}

/** A token as people see it. A token of `API_TOKENS` has only the facts that the setting gives. */
export interface TokenFacts {
  /** Null for a token of `API_TOKENS`. */
  readonly id: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly source: 'settings' | 'kept';
  readonly state: 'valid' | 'expired' | 'revoked';
  readonly createdAt: Date | null;
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

export const tokenNamePattern = /^[\w.@-]{1,64}$/;

/**
 * The beginning of every token: secret scanners recognize leaked tokens by it, and the server looks up only
 * texts that begin with it.
 */
export const tokenPrefix = 'billcast_';

/**
 * Makes a token. Only its hash is kept.
 * @returns the token, which is shown this once
 * @throws BillcastError USAGE if it would expire in the past, or if the API is open to this machine anyway
 */
export async function createToken(
  { database, config: { api } }: TokenDeps,
  { name, roles, expiresAt, actor }: TokenRequest,
): Promise<{ readonly id: string; readonly token: string }> {
  if (api.tokens.length === 0 && api.trustedProxy === undefined) {
    throw new BillcastError(
      'USAGE',
      'without API_TOKENS everybody on this machine is administrator, and a token would close nothing: ' +
        'set API_TOKENS to one token of an administrator first (docs/api.md says how)',
    );
  }
  if (expiresAt !== null && expiresAt <= new Date()) {
    throw new BillcastError('USAGE', 'the token would expire in the past: choose a later time');
  }
  const id = newId();
  const token = tokenPrefix + randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  await addApiToken(database, { id, name, roles: rolesOf(roles), expiresAt, createdBy: actor, sha256 });
  return { id, token };
}

/**
 * All tokens, including revoked and expired ones: first those in the database, then those of `API_TOKENS`.
 */
export async function listTokens({
  database,
  config,
}: TokenDeps): Promise<{ readonly items: TokenFacts[]; readonly asOf: Date }> {
  const asOf = new Date();
  const kept = (await listApiTokens(database)).map(
    (token): TokenFacts => ({ ...token, source: 'kept', state: stateOf(token, asOf) }),
  );
  const set = config.api.tokens.map(
    ({ name, roles, expiresAt }): TokenFacts => ({
      id: null,
      name,
      roles,
      source: 'settings',
      state: stateOf({ expiresAt, revokedAt: null }, asOf),
      createdAt: null,
      createdBy: null,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    }),
  );
  return { items: [...kept, ...set], asOf };
}

/** Revokes a token at once, with the sessions that were begun with it. */
export function revokeToken(
  { database }: Pick<TokenDeps, 'database'>,
  { id, actor }: { readonly id: string; readonly actor: string },
): Promise<'revoked' | 'alreadyRevoked' | 'unknown'> {
  return revokeApiToken(database, { id, by: actor });
}

function stateOf(
  { expiresAt, revokedAt }: Pick<TokenFacts, 'expiresAt' | 'revokedAt'>,
  now: Date,
): TokenFacts['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid';
}

/** The text of the access record for a new token: its facts, then the person's reason. */
export function newTokenText(
  { name, roles, expiresAt }: Pick<TokenRequest, 'name' | 'roles' | 'expiresAt'>,
  reason: string,
): string {
  return `${name} ${roles.join('+')} until ${expiresAt?.toISOString() ?? 'revoked'}: ${reason}`;
}

/** Each role once, in the order of the roles' table. */
function rolesOf(roles: readonly Role[]): Role[] {
  return roleNames.filter((role) => roles.includes(role));
}
