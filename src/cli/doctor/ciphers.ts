import type { Database } from '../../db/database.ts';
import { readSealedSample } from '../../db/sealedSample.ts';
import {
  type CipherSettings,
  createFieldCiphers,
  ENCRYPTED_FIELDS,
  type FieldCiphers,
} from '../../render/cipher/fieldCiphers.ts';
import { type Finding, fail, ok } from './finding.ts';

/** Every field is sealed and opened again, and what the first member and bill hold is opened. */
export const checkCiphers = async (settings: CipherSettings, database: Database): Promise<Finding[]> => {
  const ciphers = createFieldCiphers(settings);
  const sealed = Object.fromEntries(ENCRYPTED_FIELDS.map((field) => [field, ciphers.seal(field, 'sample')]));
  const unopened = [
    ...whyUnopened(ciphers, sealed),
    ...whyUnopened(ciphers, await readSealedSample(database)),
  ];
  if (unopened.length === 0)
    return [ok('ciphers', 'the keys open what is stored of the first member and bill')];
  const why = [...new Set(unopened)].join(', ');
  return [fail('ciphers', `${why}: put CIPHER_KEYS, CIPHER, CIPHER_FIELDS or PGP_PASSPHRASE right`)];
};

/** Why values cannot be opened, without anything of them. */
const whyUnopened = (ciphers: FieldCiphers, values: Awaited<ReturnType<typeof readSealedSample>>): string[] =>
  ENCRYPTED_FIELDS.flatMap((field) => {
    const value = values[field];
    if (value === undefined || value === null || value.trim() === '') return [];
    const opened = ciphers.open(field, value);
    return opened.kind === 'opened' ? [] : [`${field} (key id ${opened.keyId ?? 'none'}): ${opened.why}`];
  });
