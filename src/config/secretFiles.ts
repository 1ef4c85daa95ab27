import { readFileSync } from 'node:fs';
import { secretProviderSettings } from '../providers/registry.ts';

/**
 * Settings that hold a secret. Each may come from the file that `NAME_FILE` names instead: `pm2 env`, `docker
 * inspect` and every child process can read an environment.
 */
export const secretNames: readonly string[] = [
  'DATABASE_URL',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  ...secretProviderSettings,
  'CIPHER_KEYS',
  'PGP_PASSPHRASE',
  'PGP_PASSPHRASE_OLD',
  'API_TOKENS',
  'TRUSTED_USER_SECRET',
  'INBOUND_SECRETS',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, with the secrets read from their files. Line breaks at the end of a file are dropped. */
export function withSecretFiles(environment: Environment): { values: Environment; problems: string[] } {
  const values: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of secretNames) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set: set one of them`);
      continue;
    }
    const read = readSecret(path);
    if (read.kind === 'read') values[name] = read.secret;
    else problems.push(`${name}_FILE: ${path} ${read.why}`);
  }
  return { values, problems };
}

type Secret =
  | { readonly kind: 'read'; readonly secret: string }
  | { readonly kind: 'unusable'; readonly why: string };

function readSecret(path: string): Secret {
  try {
    const secret = readFileSync(path, 'utf8').replace(/(?:\r?\n)+$/, '');
    return secret === '' ? { kind: 'unusable', why: 'is empty' } : { kind: 'read', secret };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: 'unusable', why: `cannot be read (${code})` };
  }
}
