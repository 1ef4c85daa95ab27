import { BillcastError } from '../../errors.ts';
import { type BareCipher, type BareCipherOptions, type EnvelopeName, refused } from './cipher.ts';
import { type CipherName, cipherOf } from './cipherRegistry.ts';
import { looksLikePgp } from './pgp/forms.ts';

/**
 * The cipher of values without a prefix.
 *
 * A value of aes-256-gcm or aes-256-cbc without its prefix is bound to nothing, like v1 and c1. So it opens
 * only while that prefix is accepted: otherwise somebody who can write rows could remove the prefix and move
 * the value to another member.
 * @throws BillcastError CIPHER_FAILED if the cipher lacks its key or passphrase
 */
export function createBareCipher(name: CipherName, options: BareCipherOptions): BareCipher {
  const cipher = cipherOf(name, options.custom);
  if (cipher === undefined) throw new BillcastError('CIPHER_FAILED', 'Set CIPHER_MODULE: CIPHER is custom');
  const { envelope, needs } = cipher;
  if (envelope !== undefined && !options.accept.includes(envelope)) return closed(envelope);
  if (needs === 'CIPHER_KEYS' && options.keys.length === 0) {
    throw new BillcastError('CIPHER_FAILED', 'Set CIPHER_KEYS: there is no key');
  }
  const created = cipher.create(options);
  return envelope === undefined ? created : namingPgp(created);
}

function closed(name: EnvelopeName): BareCipher {
  return {
    open: () => refused(`it has no prefix, and ${name}, which it would be, is not in CIPHER_ACCEPT`),
  };
}

/** If a value cannot be opened and is a PGP message, gives that as the reason. */
function namingPgp({ open }: BareCipher): BareCipher {
  return {
    open: (value) => {
      const opened = open(value);
      return opened.kind === 'refused' && looksLikePgp(value) ? isPgp : opened;
    },
  };
}

const isPgp = refused('it is a PGP message: set the cipher of this field to pgp, by CIPHER or CIPHER_FIELDS');
