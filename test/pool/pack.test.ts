import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pack } from '../../src/pool/pack.ts';

describe('pack', () => {
  it('puts every text where its end says, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const packed = pack(texts.map((text) => ({ text })));
        const bytes = Buffer.from(packed.texts);
        const found = [...packed.ends].map((end, index) =>
          bytes.toString('utf16le', packed.ends[index - 1] ?? 0, end),
        );
        assert.deepEqual(found, texts);
      }),
    );
  });
});
