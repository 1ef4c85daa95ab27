import type { Cipher } from '../cipher.ts';
import { decodeBase64 } from '../sealedBytes.ts';
import { createKeyStretcher } from './keyStretcher.ts';
import { openMessage } from './openMessage.ts';
import { sealMessage } from './sealMessage.ts';
import { notBase64 } from './why.ts';

/**
 * OpenPGP messages sealed by a passphrase (RFC 4880), in Base64 with or without line breaks: what PostgreSQL's
 * pgcrypto writes with `encode(pgp_sym_encrypt(value, passphrase), 'base64')` and opens again.
 *
 * Opens AES in all sizes, compressed or not, with or without integrity protection; a text's line breaks stay as
 * they are, as with `pgp_sym_decrypt`. The passphrase is stretched with a salt of each message's own: that is nearly
 * all that opening costs, and nothing of it can be kept for the next.
 */
export const createPgp = (passphrase: string): Cipher => {
  const stretch = createKeyStretcher(passphrase);
  return {
    seal: (text) => sealMessage(text, stretch).toString('base64'),
    open: (body) => {
      const message = decodeBase64(body);
      return message === undefined ? notBase64 : openMessage(message, stretch);
    },
  };
};
