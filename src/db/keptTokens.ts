import type { Role } from '../policy/roles.ts';
import type { Database } from './database.ts';

/** A stored token that an administrator made. */
export interface KeptToken {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: Date;
  readonly createdBy: string;
  /** Null if it does not expire. */
  readonly expiresAt: Date | null;
  /** Exact to five minutes; null if it was never used. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

export interface NewToken extends Pick<KeptToken, 'id' | 'name' | 'roles' | 'expiresAt' | 'createdBy'> {
  /** 64 hex digits in lower case. */
  readonly sha256: string;
}

const add = {
  name: 'add-api-token',
  text: `
    insert into api_token (id, name, roles, sha256, expires_at, created_by) values ($1, $2, $3, $4, $5, $6)
    on conflict (id) do nothing`,
};

export async function addApiToken(database: Database, token: NewToken): Promise<void> {
  const { id, name, roles, sha256, expiresAt, createdBy } = token;
  await database.query(add, [id, name, roles, sha256, expiresAt, createdBy]);
}

const use = {
  name: 'use-api-token',
  text: `
    with valid as (
      select id, name, roles, expires_at, last_used_at from api_token
      where sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())
    ), used as (
      update api_token t set last_used_at = now()
      from valid v
      where t.id = v.id and (v.last_used_at is null or v.last_used_at < now() - interval '5 minutes')
    )
    select name, roles, expires_at from valid`,
};

/** Who owns the token with this hash; undefined if it is unknown, revoked or expired. */
export async function useApiToken(
  database: Database,
  sha256: string,
): Promise<Pick<NewToken, 'name' | 'roles' | 'sha256' | 'expiresAt'> | undefined> {
  const [row] = await database.query<[string, Role[], Date | null]>(use, [sha256]);
  return row === undefined ? undefined : { name: row[0], roles: row[1], sha256, expiresAt: row[2] };
}

const list = {
  name: 'list-api-tokens',
  text: `
    select id, name, roles, created_at, created_by, expires_at, last_used_at, revoked_at, revoked_by
    from api_token
    order by created_at desc, id`,
};

type ListColumns = [
  ...[id: string, name: string, roles: Role[], createdAt: Date, createdBy: string],
  ...[expiresAt: Date | null, lastUsedAt: Date | null, revokedAt: Date | null, revokedBy: string | null],
];

/** Newest first, including tokens that are no longer valid. */
export async function listApiTokens(database: Database): Promise<KeptToken[]> {
  const rows = await database.query<ListColumns>(list);
  return rows.map(([id, name, roles, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt, revokedBy]) => ({
    id,
    name,
    roles,
    createdAt,
    createdBy,
    expiresAt,
    lastUsedAt,
    revokedAt,
    revokedBy,
  }));
}

const revoke = {
  name: 'revoke-api-token',
  text: `
    with ended as (
      update api_token set revoked_at = now(), revoked_by = $2
      where id = $1 and revoked_at is null
      returning sha256
    ), signed_out as (
      delete from api_session s using ended e where s.token_sha256 = e.sha256
    )
    select exists (select from ended), exists (select from api_token where id = $1)`,
};

/** Revokes a token, and ends the sessions that were begun with it. Doing it again changes nothing. */
export async function revokeApiToken(
  database: Database,
  { id, by }: { readonly id: string; readonly by: string },
): Promise<'revoked' | 'alreadyRevoked' | 'unknown'> {
  const [row] = await database.query<[boolean, boolean]>(revoke, [id, by]);
  if (row?.[0] === true) return 'revoked';
  return row?.[1] === true ? 'alreadyRevoked' : 'unknown';
}
