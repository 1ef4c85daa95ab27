import { createCipheriv, randomBytes } from 'node:crypto';
import { AES_256, SHA_1 } from './algorithms.ts';
import { BLOCK_BYTES, PREFIX_BYTES, ZERO_IV } from './cfb.ts';
import type { KeyStretcher } from './keyStretcher.ts';
import { literalOf } from './literal.ts';
import { withCode } from './modificationCode.ts';
import { packetOf, TAG } from './packets.ts';
import { countOf, SALT_BYTES } from './stringToKey.ts';

/**
 * Seals a text so that pgcrypto opens it: AES-256, key from iterated and salted SHA-1, integrity protected, not
 * compressed (RFC 4880, 5.3 and 5.13).
 */
export const sealMessage = (text: string, stretch: KeyStretcher): Buffer => {
  const salt = randomBytes(SALT_BYTES);
  const key = stretch({ hash: 'sha1', salt, hashedBytes: countOf(CODED_COUNT) }, 32);
  const specifier = Buffer.from([VERSION, AES_256, ITERATED_AND_SALTED, SHA_1, ...salt, CODED_COUNT]);
  const prefix = randomPrefix();
  const cipher = createCipheriv('aes-256-cfb', key, ZERO_IV);
  const sealed = cipher.update(Buffer.concat([prefix, withCode(prefix, literalOf(text))]));
  const protectedText = Buffer.concat([Buffer.from([PROTECTION_VERSION]), sealed]);
  return Buffer.concat([packetOf(TAG.sessionKey, specifier), packetOf(TAG.protected, protectedText)]);
};

const VERSION = 4;
const ITERATED_AND_SALTED = 3;
const PROTECTION_VERSION = 1;

/** 65,536 bytes: the least that pgcrypto draws for its own. */
const CODED_COUNT = 0x60;

const randomPrefix = (): Buffer => {
  const random = randomBytes(PREFIX_BYTES);
  random.copy(random, BLOCK_BYTES, BLOCK_BYTES - 2, BLOCK_BYTES);
  return random;
};
