import { BillcastError } from '../errors.ts';
import { codeOf, faultKindOf } from './statementFault.ts';

/**
 * One clear sentence about an error of PostgreSQL or of the connection to it, with what to do; undefined for
 * any other error, or if a person at a terminal cannot change anything.
 */
export function clearDatabaseError(error: unknown): BillcastError | undefined {
  if (error instanceof BillcastError || !(error instanceof Error)) return undefined;
  const sentence = sentenceOf(error);
  return sentence === undefined
    ? undefined
    : new BillcastError('DATABASE_FAILED', sentence, { cause: error });
}

function sentenceOf(error: Error): string | undefined {
  const code = codeOf(error);
  const known = sentences.find(([pattern]) => pattern.test(code))?.[1];
  if (known !== undefined) return known;
  if (
    /^password must be a string|SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string/i.test(
      error.message,
    )
  ) {
    return 'PostgreSQL wants a password, and DATABASE_URL has none';
  }
  if (/does not support SSL connections/.test(error.message)) {
    return 'PostgreSQL does not speak TLS: switch ssl on there, or take sslmode out of DATABASE_URL';
  }
  switch (faultKindOf(error)) {
    case 'unreachable':
    case 'silent':
      return isOfDatabase(error, code)
        ? 'PostgreSQL is unreachable: check DATABASE_URL and that it runs'
        : undefined;
    case 'crowded':
      return 'PostgreSQL has no connection left: raise max_connections, or lower DB_POOL_SIZE of the dispatchers';
    default:
      return undefined;
  }
}

/**
 * A broken connection may belong to any server. The driver's words and the server's codes are PostgreSQL's.
 */
function isOfDatabase(error: Error, code: string): boolean {
  return (
    /^(08|57P)/.test(code) ||
    /^(Connection terminated|timeout expired|Query read timeout)/.test(error.message) ||
    code.startsWith('E')
  );
}

const sentences: readonly (readonly [RegExp, string])[] = [
  [
    /^28/,
    'PostgreSQL does not let this user in: check the user and the password of DATABASE_URL, and pg_hba.conf',
  ],
  [/^3D000$/, 'there is no such database: check the name in DATABASE_URL, or create it'],
  [/^3F000$/, 'there is no schema to put tables into: check search_path'],
  [
    /^42501$/,
    "this role lacks a right: `npx billcast migrate --grant-run ROLE` (or --grant-read) gives them, run by the tables' owner",
  ],
  [/^42P01$/, 'a table is missing: run `npx billcast migrate`, or check search_path'],
  [
    /^25006$/,
    'PostgreSQL is read-only here, a standby: point DATABASE_URL at the primary, or name several hosts',
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/,
    "PostgreSQL's certificate cannot be verified: name its CA by sslrootcert=FILE, or use sslmode=require to encrypt only",
  ],
  [/^CERT_HAS_EXPIRED$/, "PostgreSQL's certificate has expired: renew it there"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "PostgreSQL's certificate is for another host: use the name in it, or sslmode=verify-ca",
  ],
];
