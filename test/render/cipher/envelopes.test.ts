import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encryptedFields, type Place } from '../../../src/render/cipher/cipher.ts';
import { createEnvelopes } from '../../../src/render/cipher/envelopes.ts';
import { sealC1, sealV1, sealV2 } from './sealing.ts';

const [first, second] = [
  { keyId: '2026a', key: randomBytes(32) },
  { keyId: '2025b', key: randomBytes(32) },
];
const envelopes = createEnvelopes([first, second]);
const email: Place = { field: 'email', memberId: '7' };
function opened(text: string) {
  return { kind: 'opened', text };
}

function chunk(value: string): readonly [string, string, string] {
  const [prefix = '', keyId = '', body = ''] = value.split(':');
  return [prefix, keyId, body];
}
function openV2(value: string, place: Place) {
  const [, keyId, body] = chunk(value);
  return envelopes.v2.open(body, keyId, place);
}

describe('v2', () => {
  // Made once by Python's cryptography package (HKDF and AESGCM), with the IV 100, 101, 102 and so on.
  const vectors = [
    [
      'email',
      '7',
      'hong.gildong@example.com',
      'ZGVmZ2hpamtsbW5vIC++Yo3z+IKUy+6lIA3cBIXRMQntHK35NJT/2lQ1E9wzq+TCJJJ9dA==',
    ],
    [
      'paymentOwnerName',
      '9007199254740991',
      '홍길동',
      'ZGVmZ2hpamtsbW5vpdld7xssemFpj5bGCvTnFrXN8Sdq5Fr3WQ==',
    ],
  ] as const;
  for (const [field, memberId, text, body] of vectors) {
    it(`opens the fixed vector of ${field}`, () => {
      const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
      const { v2 } = createEnvelopes([{ keyId: '2026a', key }]);
      assert.deepEqual(v2.open(body, '2026a', { field, memberId }), opened(text));
      assert.equal(v2.open(body, '2026a', { field, memberId: '8' }).kind, 'refused');
    });
  }

  it('opens what another implementation sealed, by each key', () => {
    for (const key of [first, second]) {
      assert.deepEqual(openV2(sealV2(key, ['email', '7'], 'a@b.kr'), email), opened('a@b.kr'));
    }
  });

  it('opens what it sealed in its own place and in no other', () => {
    const place = fc.record({
      field: fc.constantFrom(...encryptedFields),
      memberId: fc.bigInt(1n, 2n ** 53n - 1n).map(String),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), place, place, (text, own, other) => {
        const value = envelopes.seal(text, own);
        assert.deepEqual(openV2(value, own), opened(text));
        if (own.field === other.field && own.memberId === other.memberId) return;
        assert.equal(openV2(value, other).kind, 'refused');
        assert.equal(openV2(value, { ...own, memberId: `${own.memberId}0` }).kind, 'refused');
      }),
    );
  });

  it('says why a value of another place does not open', () => {
    assert.deepEqual(openV2(envelopes.seal('a@b.kr', email), { field: 'email', memberId: '8' }), {
      kind: 'refused',
      why: 'it was changed, sealed with another key, or belongs to another field or member',
    });
  });

  it('seals with the first key', () => {
    assert.match(envelopes.seal('x', email), /^v2:2026a:/);
    assert.throws(() => createEnvelopes([]).seal('x', email), {
      code: 'CIPHER_FAILED',
      message: /CIPHER_KEYS/,
    });
  });
});

describe('v1 and c1', () => {
  it('open with the key itself, wherever they stand', () => {
    const [, , v1] = chunk(sealV1(second, '홍길동'));
    const [, , c1] = chunk(sealC1(second, '홍길동'));
    assert.deepEqual(envelopes.v1.open(v1, second.keyId, email), opened('홍길동'));
    assert.deepEqual(envelopes.c1.open(c1, second.keyId, email), opened('홍길동'));
  });

  it('do not open what was sealed as v2', () => {
    const [, keyId, body] = chunk(envelopes.seal('a@b.kr', email));
    assert.equal(envelopes.v1.open(body, keyId, email).kind, 'refused');
  });

  it('name a key id that is not there', () => {
    for (const name of ['v2', 'v1', 'c1'] as const) {
      assert.deepEqual(envelopes[name].open('QUJD', 'k9', email), {
        kind: 'refused',
        why: 'there is no key of that id',
        isKeyMissing: true,
      });
    }
  });
});

describe('a forgery of who knows one text and its sealed value', () => {
  /**
   * GCM's first key stream block is the encryption of IV and counter 2; CBC decrypts that block to just them.
   */
  const forge = (sealed: string, known: string, wanted: string): string => {
    const [, , body] = chunk(sealed);
    const bytes = Buffer.from(body, 'base64');
    const stream = xor(bytes.subarray(12, 28), Buffer.from(known).subarray(0, 16));
    const counter = Buffer.concat([bytes.subarray(0, 12), Buffer.from([0, 0, 0, 2])]);
    const padding = 16 - wanted.length;
    const padded = Buffer.concat([Buffer.from(wanted), Buffer.alloc(padding, padding)]);
    return Buffer.concat([xor(counter, padded), stream]).toString('base64');
  };
  const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, at) => byte ^ b.readUInt8(at)));
  const known = 'hong.gildong@example.com';
  const wanted = 'evil@x.com';

  it('works from v1, which is why v1 and c1 together are accepted only until they are gone', () => {
    const forged = forge(sealV1(first, known), known, wanted);
    assert.deepEqual(envelopes.c1.open(forged, first.keyId, email), opened(wanted));
  });

  it('does not work from v2', () => {
    const forged = forge(envelopes.seal(known, email), known, wanted);
    const result = envelopes.c1.open(forged, first.keyId, email);
    assert.notDeepEqual(result, opened(wanted));
    assert.equal(envelopes.v1.open(forged, first.keyId, email).kind, 'refused');
    assert.equal(envelopes.v2.open(forged, first.keyId, email).kind, 'refused');
  });
});
