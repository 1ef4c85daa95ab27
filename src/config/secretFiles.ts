import { execFileSync } from 'node:child_process';
import { readSecret } from '../lib/readSecret.ts';
import { secretProviderSettings } from '../providers/registry.ts';

/**
 * Settings that hold a secret. Each may come from the file that `NAME_FILE` names instead: an environment can
 * be read by `pm2 env`, `docker inspect` and every child process.
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
  'BILLCAST_TOKEN',
  'TRUSTED_USER_SECRET',
  'VIEW_LINK_KEY',
  'WEBHOOK_KEY',
  'INBOUND_SECRETS',
  'NOTIFY_SMTP_URL',
  'NOTIFY_WEBHOOK_URL',
];

/** A command that asks the key service. The start waits for it: nothing works without keys. */
const keysCommand = 'CIPHER_KEYS_COMMAND';
const keysCommandMs = 30_000;

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
  readKeysCommand(environment, values, problems);
  return { values, problems };
}

function readKeysCommand(
  environment: Environment,
  values: Record<string, string | undefined>,
  problems: string[],
): void {
  const command = environment[keysCommand];
  if (command === undefined) return;
  if (environment.CIPHER_KEYS !== undefined || environment.CIPHER_KEYS_FILE !== undefined) {
    problems.push(`${keysCommand} and CIPHER_KEYS or CIPHER_KEYS_FILE are both set: set one of them`);
    return;
  }
  try {
    const options = { timeout: keysCommandMs, encoding: 'utf8' } as const;
    values.CIPHER_KEYS = execFileSync('/bin/sh', ['-c', command], options).trim();
  } catch (error) {
    // The command's output is left out: it may be a key.
    const status = error instanceof Error && 'status' in error ? String(error.status) : 'nothing';
    problems.push(`${keysCommand} gave no keys: it ended with ${status}`);
  }
}
