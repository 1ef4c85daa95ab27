import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encryptedFields } from '../../../src/render/cipher/cipher.ts';
import { createPlaceWriter } from '../../../src/render/cipher/placeWriter.ts';

describe('createPlaceWriter', () => {
  it('writes field and member as docs/ciphers.md says, whatever was written before', () => {
    const write = createPlaceWriter();
    const memberId = fc.oneof(
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...encryptedFields), memberId, (field, id) => {
        assert.equal(Buffer.from(write({ field, memberId: id })).toString(), `billcast|v2|${field}|${id}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
