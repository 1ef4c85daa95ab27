import type { Database } from './database.ts';

/** The state of the request with an Idempotency-Key. */
export type ApiRequestState =
  /** It is new: the caller runs it now. */
  | { readonly kind: 'begun' }
  /** Another process is running it. */
  | { readonly kind: 'busy' }
  /** The key belongs to a request with another body. */
  | { readonly kind: 'other' }
  | { readonly kind: 'answered'; readonly response: string };

export interface ApiRequestKey {
  readonly principal: string;
  readonly key: string;
  /** Identifies this try to run it. */
  readonly owner: string;
}

const begin = {
  name: 'begin-api-request',
  text: `
    with expired as (
      delete from api_request where expires_at < now() and (principal, key) <> ($1, $2)
    )
    insert into api_request as r (principal, key, owner, fingerprint, locked_until, expires_at)
    values ($1, $2, $3, $4, now() + $5::float8 * interval '1 ms', now() + $6::float8 * interval '1 ms')
    on conflict (principal, key) do update
    set owner = excluded.owner, fingerprint = excluded.fingerprint, response = null,
        locked_until = excluded.locked_until, expires_at = excluded.expires_at
    where r.expires_at < now() or r.owner = excluded.owner
       or (r.response is null and r.locked_until < now() and r.fingerprint = excluded.fingerprint)
    returning key`,
};

const find = {
  name: 'find-api-request',
  text: 'select fingerprint = $3, response from api_request where principal = $1 and key = $2',
};

/**
 * Begins a request, unless it is answered already or is running.
 * @param options.lockMs how long a run that ended without an answer blocks others
 */
export async function beginApiRequest(
  database: Database,
  { principal, key, owner }: ApiRequestKey,
  { fingerprint, lockMs, keepMs }: { fingerprint: Buffer; lockMs: number; keepMs: number },
): Promise<ApiRequestState> {
  const begun = await database.query(begin, [principal, key, owner, fingerprint, lockMs, keepMs]);
  if (begun.length > 0) return { kind: 'begun' };
  const [row] = await database.query<[boolean, string | null]>(find, [principal, key, fingerprint]);
  if (row === undefined) return { kind: 'busy' };
  const [isSame, response] = row;
  if (!isSame) return { kind: 'other' };
  return response === null ? { kind: 'busy' } : { kind: 'answered', response };
}

const finish = {
  name: 'finish-api-request',
  text: 'update api_request set response = $4 where principal = $1 and key = $2 and owner = $3',
};

/** Stores the answer, in case the request is repeated. */
export async function finishApiRequest(
  database: Database,
  { principal, key, owner }: ApiRequestKey,
  response: string,
): Promise<void> {
  await database.query(finish, [principal, key, owner, response]);
}

const drop = {
  name: 'drop-api-request',
  text: 'delete from api_request where principal = $1 and key = $2 and owner = $3',
};

/** Called if the request failed: it may be run again under the same key. */
export async function dropApiRequest(
  database: Database,
  { principal, key, owner }: ApiRequestKey,
): Promise<void> {
  await database.query(drop, [principal, key, owner]);
}
