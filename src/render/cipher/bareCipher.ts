import type { KeyObject } from 'node:crypto';
import { BillcastError } from '../../errors.ts';
import { createBareCbc } from './aesCbc.ts';
import { createBareGcm } from './aesGcm.ts';
import { type BareCipher, type CipherName, type EnvelopeName, refused } from './cipher.ts';
import { looksLikePgp } from './pgp/forms.ts';
import { createPgp, type PgpOptions } from './pgp/pgp.ts';
import { createPlain } from './plain.ts';

export interface BareCipherOptions {
  readonly keys: readonly KeyObject[];
  readonly accept: readonly EnvelopeName[];
  readonly pgp: PgpOptions;
}

/**
 * The cipher of values that carry no prefix.
 *
 * Without a prefix a value is what v1 or c1 is with one, and bound to nothing either. So it opens only while that
 * prefix is accepted: else who can write rows would take a value's prefix off and move it to another member.
 * @throws BillcastError CIPHER_FAILED if the cipher lacks its key or passphrase
 */
export function createBareCipher(name: CipherName, settings: BareCipherOptions): BareCipher {
  switch (name) {
    case 'aes-256-gcm':
      return accepted('v1', settings) ? namingPgp(createBareGcm(keysOf(settings))) : closed('v1');
    case 'aes-256-cbc':
      return accepted('c1', settings) ? namingPgp(createBareCbc(keysOf(settings))) : closed('c1');
    case 'none':
      return createPlain();
    case 'pgp':
      return createPgpOf(settings.pgp);
    default:
      return name satisfies never;
  }
}

function accepted(name: EnvelopeName, { accept }: BareCipherOptions): boolean {
  return accept.includes(name);
}

function closed(name: EnvelopeName): BareCipher {
  return {
    open: () => refused(`it has no prefix, and ${name}, which it would be, is not in CIPHER_ACCEPT`),
  };
}

function keysOf({ keys }: BareCipherOptions): readonly KeyObject[] {
  if (keys.length === 0) throw new BillcastError('CIPHER_FAILED', 'Set CIPHER_KEYS: there is no key');
  return keys;
}

function createPgpOf(settings: PgpOptions): BareCipher {
  const { passphrase } = settings;
  if (!passphrase) {
    throw new BillcastError('CIPHER_FAILED', 'Set PGP_PASSPHRASE: the cipher pgp has no passphrase');
  }
  return createPgp({ ...settings, passphrase });
}

/** Says so if what cannot be opened is a PGP message. */
function namingPgp({ open }: BareCipher): BareCipher {
  return {
    open: (value) => {
      const opened = open(value);
      return opened.kind === 'refused' && looksLikePgp(value) ? isPgp : opened;
    },
  };
}

const isPgp = refused('it is a PGP message: set the cipher of this field to pgp, by CIPHER or CIPHER_FIELDS');
