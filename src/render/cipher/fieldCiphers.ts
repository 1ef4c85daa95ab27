import { createBareCipher } from './bareCipher.ts';
import {
  type BareCipher,
  type Cipher,
  type EncryptedField,
  type Envelope,
  type EnvelopeName,
  encryptedFields,
  envelopeNames,
  type Opened,
  type PgpOptions,
  refused,
} from './cipher.ts';
import { loadCipherModule } from './cipherModule.ts';
import type { CipherName } from './cipherRegistry.ts';
import { createEnvelopes } from './envelopes.ts';
import { type CipherKey, createKeyRing } from './keyRing.ts';

export interface CipherOptions {
  /** `CIPHER`: the cipher of values without a prefix. */
  readonly fallback: CipherName;
  /** `CIPHER_FIELDS`: exceptions from `fallback` by field. */
  readonly fields: Readonly<Partial<Record<EncryptedField, CipherName | undefined>>>;
  /** `CIPHER_KEYS`, the current one first. */
  readonly keys: readonly CipherKey[];
  /** `CIPHER_ACCEPT`: the prefixes that open. */
  readonly accept: readonly EnvelopeName[];
  /** Options of the cipher `pgp`. */
  readonly pgp: PgpOptions;
  /** The URL of `CIPHER_MODULE`. */
  readonly module?: string | undefined;
}

/** The outcome of opening a field. A failure contains nothing of the value. */
export type OpenedField =
  | { readonly kind: 'opened'; readonly text: string }
  | {
      readonly kind: 'cipherFailed';
      readonly field: EncryptedField;
      /** Undefined if the value names none. */
      readonly keyId: string | undefined;
      readonly why: string;
      readonly isKeyMissing?: true | undefined;
    };

/** Seals and opens the fields of the database. A bill's fields belong to the bill's member. */
export interface FieldCiphers {
  /** Seals with the field's cipher if that can seal (pgp, none), otherwise as v2. */
  seal(field: EncryptedField, memberId: string, text: string): string;
  open(field: EncryptedField, memberId: string, value: string): OpenedField;
}

/**
 * Like `createFieldCiphers`, but loads the cipher of `CIPHER_MODULE` first.
 * @throws BillcastError CIPHER_FAILED, or MODULE_INVALID if the module cannot be loaded or is not valid
 */
export async function openFieldCiphers(settings: CipherOptions): Promise<FieldCiphers> {
  const { module } = settings;
  return createFieldCiphers(settings, module === undefined ? undefined : await loadCipherModule(module));
}

/** @throws BillcastError CIPHER_FAILED if a cipher or a key of the settings cannot be used */
export function createFieldCiphers(settings: CipherOptions, custom?: Cipher): FieldCiphers {
  const envelopes = createEnvelopes(settings.keys);
  const { keys } = createKeyRing(settings.keys);
  const nameOf = (field: EncryptedField): CipherName => settings.fields[field] ?? settings.fallback;
  const bareOf = (field: EncryptedField): BareCipher =>
    createBareCipher(nameOf(field), { ...settings, keys, custom });
  const byField = Object.fromEntries(encryptedFields.map((field) => [field, bareOf(field)])) as Readonly<
    Record<EncryptedField, BareCipher>
  >;
  const byPrefix = new Map<string, Envelope>(
    envelopeNames.map((name) => [name, settings.accept.includes(name) ? envelopes[name] : notAccepted(name)]),
  );
  const ofField = (field: EncryptedField, keyId: string | undefined, opened: Opened): OpenedField =>
    opened.kind === 'opened'
      ? opened
      : {
          kind: 'cipherFailed',
          field,
          keyId: shown(field, keyId),
          why: opened.why,
          isKeyMissing: opened.isKeyMissing,
        };
  // Shows a key id only if it looks like one: in a plain or damaged value, anything may stand in its place.
  const shown = (field: EncryptedField, keyId: string | undefined): string | undefined => {
    if (keyId === undefined || envelopes.hasKey(keyId)) return keyId;
    return nameOf(field) !== 'none' && /^[\w.-]{1,64}$/.test(keyId) ? keyId : '(not a key id)';
  };
  return {
    seal: (field, memberId, text) => byField[field].seal?.(text) ?? envelopes.seal(text, { field, memberId }),
    open: (field, memberId, value) => {
      const prefixEnd = value.indexOf(':');
      const envelope = prefixEnd === -1 ? undefined : byPrefix.get(value.slice(0, prefixEnd));
      if (envelope === undefined) return ofField(field, undefined, byField[field].open(value));
      const keyIdEnd = value.indexOf(':', prefixEnd + 1);
      if (keyIdEnd === -1) return ofField(field, undefined, refused('its envelope has no key id'));
      const keyId = value.slice(prefixEnd + 1, keyIdEnd);
      return ofField(field, keyId, envelope.open(value.slice(keyIdEnd + 1), keyId, { field, memberId }));
    },
  };
}

function notAccepted(name: EnvelopeName): Envelope {
  return {
    open: () => refused(`${name} is not in CIPHER_ACCEPT: seal it again as v2`),
  };
}
