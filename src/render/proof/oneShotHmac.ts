import { hash, type KeyObject } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;

/** HMAC-SHA-256 of messages that stand behind `head` in their memory. */
export interface OneShotHmac {
  /** The key for the inner hash: what each message begins with. */
  readonly head: Buffer;
  /** @returns the HMAC in Latin-1 */
  digest(headAndMessage: Uint8Array): string;
}

/**
 * RFC 2104 by two one-shot hashes: `createHmac` makes an object per message, which costs more than the hash
 * of a bill. Its result is the same, and a test compares them.
 * @param key of at most 64 bytes
 */
export function createOneShotHmac(key: KeyObject): OneShotHmac {
  const block = Buffer.alloc(blockBytes);
  block.set(key.export());
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(digestBytes)]);
  return {
    head: Buffer.from(block.map((byte) => byte ^ 0x36)),
    digest(headAndMessage) {
      outer.write(hash('sha256', headAndMessage, 'binary'), blockBytes, 'binary');
      return hash('sha256', outer, 'binary');
    },
  };
}
