import { z } from 'zod';
import { BillcastError } from '../errors.ts';
import { moduleUrl } from '../lib/moduleUrl.ts';
import { readToken, type TokenOrigin } from '../lib/readToken.ts';
import { type Cipher, encryptedFields, envelopeNames } from '../render/cipher/cipher.ts';
import { cipherNames, cipherOf, defaultCipher } from '../render/cipher/cipherRegistry.ts';
import type { CipherOptions } from '../render/cipher/fieldCiphers.ts';
import type { CipherKey } from '../render/cipher/keyRing.ts';

const cipherName = z.enum([...cipherNames, 'custom']);

/** `keyId:base64`, separated by commas. No message quotes an entry: it may be a key in the wrong place. */
const cipherKeys = z.string().transform((text, context): CipherKey[] => {
  const entries = text.split(',').map((entry) => parseKey(entry.trim()));
  const fail = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const keys = entries.flatMap((entry) => entry ?? []);
  if (keys.length < entries.length) {
    const wrong = entries.flatMap((entry, index) => (entry === undefined ? [index + 1] : []));
    return fail(
      `entry ${wrong.join(', ')} of ${entries.length}: must be keyId:base64 of 32 bytes, ` +
        'separated by commas; ' +
        'an id has letters, digits, ".", "_" and "-", and Base64 is as `openssl rand -base64 32` prints it',
    );
  }
  const isRepeated = new Set(keys.map(({ keyId }) => keyId)).size < keys.length;
  return isRepeated ? fail('has two keys of the same id: give each its own') : keys;
});

const cipherFields = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = splitList(text).map((entry) => entry.split(':').map((part) => part.trim()));
    const names = new Set(entries.map(([name]) => name));
    if (entries.every(({ length }) => length === 2) && names.size === entries.length) {
      return Object.fromEntries(entries);
    }
    context.addIssue({
      code: 'custom',
      message: 'must be field:cipher, separated by commas, each field once',
    });
    return z.NEVER;
  })
  .pipe(z.partialRecord(z.enum(encryptedFields), cipherName));

const cipherAccept = z
  .string()
  .default(envelopeNames.join())
  .transform(splitList)
  .pipe(z.array(z.enum(envelopeNames)))
  .refine((names) => names.includes('v2'), 'must have v2 among them: new values are sealed as v2');

/** The settings of the ciphers, as a part of the schema of all settings. */
export const cipherShape = {
  CIPHER: cipherName.default(defaultCipher),
  CIPHER_FIELDS: cipherFields,
  CIPHER_MODULE: z.string().min(1).optional(),
  CIPHER_KEYS: cipherKeys.optional(),
  CIPHER_KEYS_COMMAND: z.string().min(1).optional(),
  CIPHER_ACCEPT: cipherAccept,
  PGP_PASSPHRASE: z.string().optional(),
  PGP_PASSPHRASE_OLD: z.string().default('').transform(splitLines),
  PGP_ALLOW_UNPROTECTED: z.enum(['true', 'false']).default('false'),
};

type Settings = { readonly NODE_ENV: string } & z.infer<z.ZodObject<typeof cipherShape>>;

/** Without CIPHER_KEYS the key is the development key, except in production. */
export function cipherSettingsOf(env: Settings): CipherOptions {
  return {
    fallback: env.CIPHER,
    fields: env.CIPHER_FIELDS,
    keys: env.CIPHER_KEYS ?? (env.NODE_ENV === 'production' ? [] : [developmentKey()]),
    accept: env.CIPHER_ACCEPT,
    module: env.CIPHER_MODULE === undefined ? undefined : moduleUrl(env.CIPHER_MODULE),
    pgp: {
      passphrase: env.PGP_PASSPHRASE,
      oldPassphrases: env.PGP_PASSPHRASE_OLD,
      allowUnprotected: env.PGP_ALLOW_UNPROTECTED === 'true',
    },
  };
}

/** Where the keys can be read again while a process runs; undefined if they are in its environment. */
export type KeySource = { readonly setting: string } & TokenOrigin;

export function keySourceOf(
  environment: Readonly<Record<string, string | undefined>>,
): KeySource | undefined {
  const { CIPHER_KEYS_FILE: file, CIPHER_KEYS_COMMAND: command } = environment;
  if (file !== undefined) return { setting: 'CIPHER_KEYS_FILE', from: 'file', file };
  if (command !== undefined) return { setting: 'CIPHER_KEYS_COMMAND', from: 'command', command };
  return undefined;
}

/** @throws BillcastError CIPHER_FAILED; it quotes nothing of what was read */
export async function readKeys(source: KeySource): Promise<CipherKey[]> {
  const { setting } = source;
  const parsed = cipherKeys.safeParse(await readToken(source, { setting, code: 'CIPHER_FAILED' }));
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join('; ');
  throw new BillcastError('CIPHER_FAILED', `${setting}: ${why}`);
}

/** The rules between these settings that are broken, one sentence each. */
export function cipherProblems(env: Settings): string[] {
  const problems: string[] = [];
  if (env.NODE_ENV === 'production') {
    if (env.CIPHER_KEYS?.some(isDevelopmentKey)) {
      problems.push('CIPHER_KEYS has the development key, which is public: not with NODE_ENV=production');
    }
    if (env.CIPHER_KEYS === undefined && needs(env, 'CIPHER_KEYS')) {
      problems.push('CIPHER_KEYS must be set with NODE_ENV=production: the development key is public');
    }
  }
  const isCustom = [env.CIPHER, ...Object.values(env.CIPHER_FIELDS)].includes('custom');
  if (isCustom && env.CIPHER_MODULE === undefined) {
    problems.push('CIPHER_MODULE must be set if CIPHER or one of CIPHER_FIELDS is custom');
  }
  if (needs(env, 'PGP_PASSPHRASE') && env.PGP_PASSPHRASE === undefined) {
    problems.push('PGP_PASSPHRASE must be set if CIPHER or one of CIPHER_FIELDS is pgp');
  }
  return problems;
}

/** Compares the key and not its id: under any other id it is just as public. */
export function isDevelopmentKey({ key }: CipherKey): boolean {
  return developmentKey().key.every((byte, at) => byte === key[at]);
}

function developmentKey(): CipherKey {
  return {
    keyId: 'dev',
    key: Buffer.from('billcast-development-key-32-byte'),
  };
}

/** Whether the cipher of any field needs that setting. */
function needs({ CIPHER, CIPHER_FIELDS }: Settings, setting: Cipher['needs']): boolean {
  return encryptedFields.some((field) => {
    return cipherOf(CIPHER_FIELDS[field] ?? CIPHER, undefined)?.needs === setting;
  });
}

/**
 * Accepts canonical Base64 only: `Buffer.from` skips characters that it does not know, which would give
 * another key.
 */
function parseKey(entry: string): CipherKey | undefined {
  const [keyId = '', encoded = '', ...more] = entry.split(':');
  const key = Buffer.from(encoded, 'base64');
  const isStrict = more.length === 0 && /^[\w.-]{1,64}$/.test(keyId) && key.toString('base64') === encoded;
  return isStrict && key.length === 32 ? { keyId, key } : undefined;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Spaces belong to a passphrase, line breaks do not. */
function splitLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
