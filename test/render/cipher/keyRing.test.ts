import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeyRing } from '../../../src/render/cipher/keyRing.ts';

const key = Buffer.alloc(32, 7);

describe('createKeyRing', () => {
  it('takes the first key as the current one', () => {
    const ring = createKeyRing([
      { keyId: 'new', key },
      { keyId: 'old', key },
    ]);
    assert.equal(ring.current?.keyId, 'new');
    assert.equal(ring.keys[0], ring.current?.key);
    assert.equal(ring.keys[1], ring.find('old'));
    assert.equal(ring.find('other'), undefined);
  });

  it('may be empty: then there is nothing to seal with', () => {
    assert.equal(createKeyRing([]).current, undefined);
  });

  const wrong = {
    'a short key': [{ keyId: 'k1', key: Buffer.alloc(16) }],
    'an id twice': [
      { keyId: 'k1', key },
      { keyId: 'k1', key },
    ],
    'an id with a colon': [{ keyId: 'a:b', key }],
  };
  for (const [name, keys] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => createKeyRing(keys), { code: 'CIPHER_FAILED' });
    });
  }
});
