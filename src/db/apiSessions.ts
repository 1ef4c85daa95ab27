import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

/** A browser that signed in. */
export interface ApiSession {
  /** The hash of the token with which it signed in. */
  readonly tokenSha256: string;
  readonly expiresAt: Date;
}

const create = {
  name: 'create-api-session',
  text: `
    with expired as (delete from api_session where expires_at < now())
    insert into api_session (id_sha256, token_sha256, expires_at) values ($1, $2, $3)
    on conflict (id_sha256) do nothing`,
};

/** @param id the value of the cookie; only its hash is stored */
export async function createApiSession(
  database: Database,
  id: string,
  { tokenSha256, expiresAt }: ApiSession,
): Promise<void> {
  await database.query(create, [hashOf(id), tokenSha256, expiresAt]);
}

const find = {
  name: 'find-api-session',
  text: 'select token_sha256, expires_at from api_session where id_sha256 = $1 and expires_at > now()',
};

export async function findApiSession(database: Database, id: string): Promise<ApiSession | undefined> {
  const [row] = await database.query<[string, Date]>(find, [hashOf(id)]);
  return row === undefined ? undefined : { tokenSha256: row[0], expiresAt: row[1] };
}

const end = { name: 'end-api-session', text: 'delete from api_session where id_sha256 = $1' };

export async function endApiSession(database: Database, id: string): Promise<void> {
  await database.query(end, [hashOf(id)]);
}

function hashOf(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
