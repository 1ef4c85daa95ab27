import { hkdfSync, type KeyObject } from 'node:crypto';
import { BillcastError } from '../../errors.ts';
import { openCbc } from './aesCbc.ts';
import { openGcm, sealGcm } from './aesGcm.ts';
import {
  type Envelope,
  type EnvelopeName,
  type Opened,
  type Place,
  type Refused,
  refused,
} from './cipher.ts';
import { type CipherKey, createKeyRing, type KeyRing } from './keyRing.ts';
import { createPlaceWriter } from './placeWriter.ts';

/** Opens values that name their cipher and their key: `<prefix>:<keyId>:<base64>`. */
export interface Envelopes extends Readonly<Record<EnvelopeName, Envelope>> {
  /** Seals as v2 with the current key. @throws BillcastError CIPHER_FAILED if there is no key */
  seal(text: string, place: Place): string;
  hasKey(keyId: string): boolean;
}

/**
 * - `v2`: AES-256-GCM with a derived key (HKDF-SHA-256, RFC 5869) and bound to its field and member. What
 *   was sealed for one place opens in no other, and nothing of it helps to forge a value of another cipher.
 * - `v1`: AES-256-GCM with the key itself, bound to nothing.
 * - `c1`: AES-256-CBC with the same key. Who knows one text that was sealed as v1 can write any text of up to
 *   15 bytes as c1 without the key.
 */
export function createEnvelopes(keys: readonly CipherKey[]): Envelopes {
  const keyRing = createKeyRing(keys);
  const boundKeyRing = createKeyRing(keys.map(derivedForV2));
  const boundTo = createPlaceWriter();
  return {
    v2: envelope(boundKeyRing, (key, body, place) => openGcm(key, body, boundTo(place))),
    v1: envelope(keyRing, (key, body) => openGcm(key, body)),
    c1: envelope(keyRing, openCbc),
    seal: (text, place) => {
      const { current } = boundKeyRing;
      if (current === undefined) {
        throw new BillcastError('CIPHER_FAILED', 'Set CIPHER_KEYS: there is no key to seal with');
      }
      return `v2:${current.keyId}:${sealGcm(current.key, text, boundTo(place))}`;
    },
    hasKey: (keyId) => keyRing.find(keyId) !== undefined,
  };
}

function derivedForV2({ keyId, key }: CipherKey): CipherKey {
  return {
    keyId,
    key: Buffer.from(hkdfSync('sha256', key, '', 'billcast v2 gcm', 32)),
  };
}

const noKey: Refused = { ...refused('there is no key of that id'), isKeyMissing: true };

type OpenWithKey = (key: KeyObject, body: string, place: Place) => Opened;

function envelope(keyRing: KeyRing, open: OpenWithKey): Envelope {
  return {
    open: (body, keyId, place) => {
      const key = keyRing.find(keyId);
      return key === undefined ? noKey : open(key, body, place);
    },
  };
}
