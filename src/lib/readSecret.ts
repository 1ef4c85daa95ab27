import { readFileSync } from 'node:fs';

/** What the file of a secret holds. Line breaks at its end are dropped. */
export type Secret =
  | { readonly kind: 'read'; readonly secret: string }
  | { readonly kind: 'unusable'; readonly why: string };

export function readSecret(path: string): Secret {
  try {
    const secret = readFileSync(path, 'utf8').replace(/(?:\r?\n)+$/, '');
    return secret === '' ? { kind: 'unusable', why: 'is empty' } : { kind: 'read', secret };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: 'unusable', why: `cannot be read (${code})` };
  }
}
