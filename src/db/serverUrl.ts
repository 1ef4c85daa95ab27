import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/** The kind of server that a session needs, in libpq's words. */
export type SessionTarget = 'any' | 'primary' | 'standby';

/** One way to reach a server. */
export interface Endpoint {
  /** Undefined: PGHOST, or this machine. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** false: not encrypted. */
  readonly ssl: false | ConnectionOptions;
}

/** The parts of a DATABASE_URL. */
export interface ServerUrl {
  /** In the order in which they are tried. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** Command line options for the session, such as `-c search_path=billing`. */
  readonly options: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly target: SessionTarget | undefined;
}

/**
 * Reads a postgres:// URL as libpq does: several hosts separated by commas, `sslmode`, `sslrootcert`,
 * `sslcert`, `sslkey`, `options`, `connect_timeout`, `target_session_attrs`. Without `sslmode` the connection
 * is not encrypted.
 * @throws TypeError saying what is wrong with it, without the password
 */
export function parseServerUrl(text: string): ServerUrl {
  const { prefix, hosts, rest } = splitHosts(text);
  const url = parseUrl(`${prefix}host${rest}`);
  const setting = (name: string): string | undefined => url.searchParams.get(name) || undefined;
  const places = placesOf(setting('host') ?? hosts, setting('port'));
  const modes = tlsModes(setting);
  const [first, ...others] = places.flatMap(({ host, port }) =>
    modes.map((ssl): Endpoint => ({ host, port, ssl: host?.startsWith('/') ? false : ssl })),
  );
  if (first === undefined) throw new TypeError('names no host');
  return {
    endpoints: [first, ...others],
    user: setting('user') ?? (decodeURIComponent(url.username) || undefined),
    password: setting('password') ?? (decodeURIComponent(url.password) || undefined),
    database: setting('dbname') ?? (decodeURIComponent(url.pathname.slice(1)) || undefined),
    options: setting('options'),
    connectTimeoutMs: secondsOf(setting('connect_timeout')),
    target: targetOf(setting('target_session_attrs')),
  };
}

/** The misread part is left out: it may be a part of the password. */
const misread =
  'wants postgres://user@host:5432/database, several hosts with commas between; signs such as @ : / # in a password are ' +
  'written as %40 %3A %2F %23';

/**
 * Separates `postgres://user:password@` and `/database?options` from the hosts between them, because a URL
 * has only one host.
 */
function splitHosts(text: string): { prefix: string; hosts: string; rest: string } {
  const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/s.exec(text);
  if (parts === null) throw new TypeError(misread);
  const [, prefix = '', hosts = '', rest = ''] = parts;
  return { prefix, hosts, rest };
}

/** Parses without showing the URL's own error, which would contain the password. */
function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new TypeError(misread);
  }
}

interface Place {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

function placesOf(hosts: string, ports: string | undefined): Place[] {
  const portOf = ports?.split(',');
  return hosts.split(',').map((entry, index) => {
    const parts = /^(\[[^\]]+\]|[^:]*)(?::(\d{1,5}))?$/.exec(entry.trim());
    if (parts === null) throw new TypeError(misread);
    const host = decodeURIComponent(parts[1] ?? '').replace(/^\[(.+)\]$/, '$1');
    const port = parts[2] ?? portOf?.[index] ?? portOf?.[0];
    if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) throw new TypeError(misread);
    return { host: host || undefined, port: port === undefined ? undefined : Number(port) };
  });
}

type Setting = (name: string) => string | undefined;

/**
 * The ways to connect to a host, the preferred one first, as libpq defines them: `require` encrypts, and
 * verifies only if there is an `sslrootcert`; `verify-ca` verifies the chain; `verify-full` the name as well.
 */
function tlsModes(setting: Setting): readonly (false | ConnectionOptions)[] {
  const ca = setting('sslrootcert');
  const mode = setting('sslmode') ?? (ca === undefined ? undefined : 'verify-full');
  const identity = {
    ...(ca === undefined || ca === 'system' ? {} : { ca: readSetting('sslrootcert', ca) }),
    ...fileOf(setting, 'sslcert', 'cert'),
    ...fileOf(setting, 'sslkey', 'key'),
    ...(setting('sslpassword') === undefined ? {} : { passphrase: setting('sslpassword') }),
  };
  const unverified = { ...identity, rejectUnauthorized: false };
  const chainOnly = { ...identity, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  switch (mode) {
    case undefined:
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      return [
        ca === undefined
          ? unverified
          : ca === 'system'
            ? { ...identity, rejectUnauthorized: true }
            : chainOnly,
      ];
    case 'no-verify':
      return [unverified];
    case 'verify-ca':
      return [chainOnly];
    case 'verify-full':
      return [{ ...identity, rejectUnauthorized: true }];
    default:
      throw new TypeError(
        `sslmode=${mode} is none: disable, allow, prefer, require, verify-ca or verify-full`,
      );
  }
}

function fileOf(setting: Setting, name: string, option: 'cert' | 'key') {
  const file = setting(name);
  return file === undefined ? {} : { [option]: readSetting(name, file) };
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new TypeError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw new TypeError(`connect_timeout=${text} wants seconds`);
  return seconds === 0 ? undefined : seconds * 1_000;
}

const targets: Readonly<Record<string, SessionTarget>> = {
  any: 'any',
  'prefer-standby': 'any',
  'read-write': 'primary',
  primary: 'primary',
  'read-only': 'standby',
  standby: 'standby',
};

function targetOf(text: string | undefined): SessionTarget | undefined {
  if (text === undefined) return undefined;
  const target = targets[text];
  if (target === undefined) {
    throw new TypeError(`target_session_attrs=${text} is none of ${Object.keys(targets).join(', ')}`);
  }
  return target;
}
