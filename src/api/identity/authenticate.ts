import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiSettings, ApiToken, TrustedProxy } from '../../config/apiConfig.ts';
import { permissionsOf, type Role } from '../../policy/roles.ts';
import type { Identity } from './identity.ts';

/** The header by which the trusted proxy proves itself. */
const proxySecretHeader = 'x-billcast-proxy-secret';

/**
 * The identity behind a request, by its headers; null if there is no valid one. Pure: the time is passed in.
 */
export type Authenticate = (headers: IncomingHttpHeaders, now: Date) => Identity | null;

export function createAuthenticate({
  tokens,
  trustedProxy,
}: Pick<ApiSettings, 'tokens' | 'trustedProxy'>): Authenticate {
  const isOpen = tokens.length === 0 && trustedProxy === undefined;
  return (headers, now) => {
    if (isOpen) return loopback;
    const token = bearerOf(headers);
    if (token !== undefined) return identityOfToken(tokens, token, now);
    return trustedProxy === undefined ? null : identityOfProxy(trustedProxy, headers);
  };
}

/** Without tokens only programs on this machine can connect. */
const loopback = identity('loopback', ['admin'], 'loopback');

function identity(name: string, roles: readonly Role[], source: Identity['source']): Identity {
  return { name, roles, permissions: permissionsOf(roles), source, expiresAt: null };
}

/** The identity of a token's owner. */
export function identityOf({ name, roles, expiresAt }: ApiToken, source: 'token' | 'session'): Identity {
  return { ...identity(name, roles, source), expiresAt };
}

/** The token of a request; empty if the header has another form. */
export function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
}

function identityOfToken(tokens: readonly ApiToken[], text: string, now: Date): Identity | null {
  const token = findToken(tokens, text, now);
  return token === undefined ? null : identityOf(token, 'token');
}

/** Compares with every token, each in constant time, so that the time reveals nothing. */
export function findToken(tokens: readonly ApiToken[], text: string, now: Date): ApiToken | undefined {
  const digest = sha256Of(text);
  const [found] = tokens.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest));
  return found === undefined || (found.expiresAt !== null && found.expiresAt <= now) ? undefined : found;
}

function identityOfProxy(
  { userHeader, secret, roles }: TrustedProxy,
  headers: IncomingHttpHeaders,
): Identity | null {
  const user = headers[userHeader];
  const given = headers[proxySecretHeader];
  if (typeof user !== 'string' || typeof given !== 'string' || !isUserName(user)) return null;
  if (!timingSafeEqual(sha256Of(given), sha256Of(secret))) return null;
  const known = roles.get(user) ?? roles.get('*');
  return known === undefined ? null : identity(user, known, 'proxy');
}

/** Checks a name, since it is written into records and logs. */
function isUserName(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text) && text !== '*';
}

function sha256Of(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
