import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { type Refused, refused } from '../cipher.ts';
import { type BlockCipher, blockCipherOf, zeroIv } from './algorithms.ts';
import type { KeyStretcher } from './keyStretcher.ts';
import { cutShort, wrongPassphrase } from './pgpRefusals.ts';
import { readStringToKey } from './stringToKey.ts';

/** The cipher and the key that a message's text is sealed with. */
export interface SessionKey {
  readonly kind: 'sessionKey';
  readonly cipher: BlockCipher;
  readonly key: KeyObject;
}

/**
 * Opens a symmetric-key encrypted session key packet (RFC 4880, 5.3). The key from the passphrase is the
 * session key itself, or opens one that the packet contains.
 */
export function openSessionKey(body: Buffer, stretch: KeyStretcher): SessionKey | Refused {
  const [version, algorithm] = [body[0], body[1]];
  if (version === undefined || algorithm === undefined) return cutShort;
  if (version !== 4) return refused(`version ${version} of its session key is not supported`);
  const cipher = blockCipherOf(algorithm);
  if (cipher === undefined) return refused(`its cipher algorithm ${algorithm} is not supported`);
  const how = readStringToKey(body, 2);
  if (how.kind === 'refused') return how;
  const own: SessionKey = { kind: 'sessionKey', cipher, key: stretch(how, cipher.keyBytes) };
  return how.end === body.length ? own : openCarriedKey(body.subarray(how.end), own);
}

function openCarriedKey(sealed: Buffer, { cipher, key }: SessionKey): SessionKey | Refused {
  const opened = createDecipheriv(cipher.name, key, zeroIv).update(sealed);
  const carried = blockCipherOf(opened.readUInt8(0));
  // With a wrong passphrase this may be any number, so nothing is said about an unknown algorithm.
  if (carried === undefined || opened.length !== 1 + carried.keyBytes) return wrongPassphrase;
  return { kind: 'sessionKey', cipher: carried, key: createSecretKey(opened.subarray(1)) };
}
