import { readFileSync } from 'node:fs';
import { secretProviderSettings } from '../providers/registry.ts';

/**
 * Settings that hold a secret. Each may come from a file that `NAME_FILE` names instead: an environment is seen by
 * `pm2 env`, by `docker inspect` and by every child process.
 */
const secretNames: readonly string[] = [
  'DATABASE_URL',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  ...secretProviderSettings,
  'CIPHER_KEYS',
  'PGP_PASSPHRASE',
  'PGP_PASSPHRASE_OLD',
  'API_TOKENS',
  'TRUSTED_USER_SECRET',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with the secrets that its files hold; the end of their last line is no part of them. */
export function withSecretFiles(environment: Environment): { values: Environment; problems: string[] } {
  const values: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of secretNames) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set: nobody could tell which one is meant`);
      continue;
    }
    try {
      values[name] = readFileSync(path, 'utf8').replace(/(?:\r?\n)+$/, '');
      if (values[name] === '') problems.push(`${name}_FILE: ${path} is empty`);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      problems.push(`${name}_FILE: ${path} cannot be read (${code})`);
    }
  }
  return { values, problems };
}
