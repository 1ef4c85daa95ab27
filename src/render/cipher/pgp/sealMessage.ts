import { createCipheriv, randomBytes } from 'node:crypto';
import { aes256, blockBytes, sha1Id, zeroIv } from './algorithms.ts';
import { prefixBytes } from './cfb.ts';
import type { KeyStretcher } from './keyStretcher.ts';
import { literalOf } from './literal.ts';
import { withCode } from './modificationCode.ts';
import { packetOf, packetTags } from './packets.ts';
import { iterationsOf, saltBytes } from './stringToKey.ts';

/**
 * Seals a text so that pgcrypto can open it: AES-256, a key from iterated and salted SHA-1, integrity
 * protected, not compressed (RFC 4880, 5.3 and 5.13).
 */
export function sealMessage(text: string, stretch: KeyStretcher): Buffer {
  const salt = randomBytes(saltBytes);
  const key = stretch({ hash: 'sha1', salt, hashedBytes: iterationsOf(codedCount) }, 32);
  const specifier = Buffer.from([version, aes256, iteratedAndSalted, sha1Id, ...salt, codedCount]);
  const prefix = randomPrefix();
  const cipher = createCipheriv('aes-256-cfb', key, zeroIv);
  const sealed = cipher.update(Buffer.concat([prefix, withCode(prefix, literalOf(text))]));
  const protectedText = Buffer.concat([Buffer.from([protectionVersion]), sealed]);
  return Buffer.concat([
    packetOf(packetTags.sessionKey, specifier),
    packetOf(packetTags.protected, protectedText),
  ]);
}

const version = 4;
const iteratedAndSalted = 3;
const protectionVersion = 1;

/** Stands for 65,536 bytes: the lowest count that pgcrypto uses itself. */
const codedCount = 0x60;

function randomPrefix(): Buffer {
  const random = randomBytes(prefixBytes);
  random.copy(random, blockBytes, blockBytes - 2, blockBytes);
  return random;
}
