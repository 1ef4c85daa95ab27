import { readSecret } from '../lib/readSecret.ts';
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
  'VIEW_LINK_KEY',
  'INBOUND_SECRETS',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, with the secrets read from their files. */
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
