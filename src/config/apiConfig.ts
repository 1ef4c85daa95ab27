import { isIP } from 'node:net';
import { z } from 'zod';
import { isRole, type Role, roleNames } from '../policy/roles.ts';

/** One entry of `API_TOKENS`. The token itself is stored nowhere: only its SHA-256. */
export interface ApiToken {
  readonly name: string;
  readonly roles: readonly Role[];
  /** 64 hex digits in lower case. */
  readonly sha256: string;
  /** From this moment on the token is refused; null if it does not expire. */
  readonly expiresAt: Date | null;
}

/** A company's proxy that signs people in, and names them in a header. */
export interface TrustedProxy {
  readonly userHeader: string;
  /** The secret by which the proxy proves itself, in `X-Billcast-Proxy-Secret`. */
  readonly secret: string;
  /** Roles by user name; `*` is everybody else. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
}

const words = 'has entries such as name:role:sha256hex or name:role+role:sha256hex:2027-01-01, comma between';
const tokenLine = /^([\w.@-]{1,64}):([a-z]+(?:\+[a-z]+)*):([0-9a-fA-F]{64})(?::(\d{4}-\d\d-\d\d.*))?$/;
const userLine = /^([^:,\s]{1,128}):([a-z]+(?:\+[a-z]+)*)$/;

const tokens = z.string().transform((text, context): ApiToken[] =>
  text.split(',').flatMap((entry) => {
    const token = parseToken(entry.trim());
    if (typeof token !== 'string') return [token];
    context.addIssue({ code: 'custom', message: token });
    return [];
  }),
);

const userRoles = z.string().transform((text, context) => {
  const roles = new Map<string, readonly Role[]>();
  for (const entry of text.split(',')) {
    const [, user = '', named = ''] = userLine.exec(entry.trim()) ?? [];
    const known = rolesOf(named);
    if (known !== undefined) roles.set(user, known);
    else context.addIssue({ code: 'custom', message: 'has entries such as alice:operator or *:viewer' });
  }
  return roles;
});

/** The names that `proxy-addr` has for some networks. It also takes addresses and networks. */
const networks = ['loopback', 'linklocal', 'uniquelocal'];
const trustedAddresses = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => entry.trim());
  const wrong = entries.find((entry) => !networks.includes(entry) && !isNetwork(entry));
  if (wrong === undefined) return entries;
  context.addIssue({
    code: 'custom',
    message: `has entries such as 10.0.0.5, 10.0.0.0/8 or loopback, comma between; ${wrong} is none`,
  });
  return z.NEVER;
});

export const apiShape = {
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_TOKENS: tokens.optional(),
  API_REQUESTS_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(100),
  API_TRUST_PROXY: trustedAddresses.optional(),
  TRUSTED_USER_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'is not the name of a header')
    .optional(),
  TRUSTED_USER_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  TRUSTED_USER_ROLES: userRoles.optional(),
};

type ApiEnvironment = z.infer<z.ZodObject<typeof apiShape>>;

export function apiSettingsOf(env: ApiEnvironment) {
  return {
    port: env.API_PORT,
    host: env.API_HOST,
    tokens: env.API_TOKENS ?? [],
    requestsPerSecond: env.API_REQUESTS_PER_SECOND,
    trustedProxy: trustedProxyOf(env),
    /** Addresses of proxies that may say who the client is. */
    proxyAddresses: env.API_TRUST_PROXY ?? [],
  };
}

export type ApiSettings = ReturnType<typeof apiSettingsOf>;

function trustedProxyOf({
  TRUSTED_USER_HEADER: userHeader,
  TRUSTED_USER_SECRET: secret,
  TRUSTED_USER_ROLES: roles,
}: ApiEnvironment): TrustedProxy | undefined {
  if (userHeader === undefined || secret === undefined || roles === undefined) return undefined;
  return { userHeader: userHeader.toLowerCase(), secret, roles };
}

/** The rules between these settings that are broken, one sentence each. */
export function apiProblems(env: ApiEnvironment): string[] {
  const problems: string[] = [];
  const sso = [env.TRUSTED_USER_HEADER, env.TRUSTED_USER_SECRET, env.TRUSTED_USER_ROLES];
  const given = sso.filter((value) => value !== undefined).length;
  if (given > 0 && given < sso.length) {
    problems.push(
      'TRUSTED_USER_HEADER, TRUSTED_USER_SECRET and TRUSTED_USER_ROLES are set together or not at all',
    );
  }
  const hashes = (env.API_TOKENS ?? []).map(({ sha256 }) => sha256);
  if (new Set(hashes).size < hashes.length) {
    problems.push('API_TOKENS has the same token twice: nobody could know who uses it');
  }
  if (given === 0 && env.API_TOKENS === undefined && !isLoopback(env.API_HOST)) {
    problems.push(
      `API_HOST ${env.API_HOST} can be reached from other machines, and without API_TOKENS anybody there could send, ` +
        'stop and read bills: set API_TOKENS, or leave API_HOST at 127.0.0.1',
    );
  }
  if (given === 0 && env.API_TOKENS === undefined && env.API_TRUST_PROXY !== undefined) {
    problems.push(
      'API_TRUST_PROXY names a proxy, and without API_TOKENS everybody whom it lets in would be administrator: ' +
        'set API_TOKENS or TRUSTED_USER_HEADER',
    );
  }
  return problems;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Whether only this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  if (address === 'localhost' || address === '::1') return true;
  return isIP(address) === 4 && address.startsWith('127.');
}

function parseToken(entry: string): ApiToken | string {
  const [, name, named, sha256, until] = tokenLine.exec(entry) ?? [];
  if (name === undefined || named === undefined || sha256 === undefined) return words;
  const roles = rolesOf(named);
  if (roles === undefined) return `names the roles ${roleNames.join(', ')}; ${name} has another`;
  const expiresAt = until === undefined ? null : new Date(until);
  if (expiresAt !== null && Number.isNaN(expiresAt.getTime())) return `of ${name} has no such expiry date`;
  return { name, roles, sha256: sha256.toLowerCase(), expiresAt };
}

function rolesOf(named: string): Role[] | undefined {
  const roles = named.split('+').filter(isRole);
  return named !== '' && roles.length === named.split('+').length ? roles : undefined;
}
