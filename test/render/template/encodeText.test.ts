import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import {
  type Entities,
  encodeText,
  htmlEntities,
  maxBytesPerUnit,
  noEntities,
} from '../../../src/render/template/encodeText.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

function encoded(text: string, entities: Entities): Buffer {
  const bytes = Buffer.alloc(text.length * maxBytesPerUnit + 1);
  return bytes.subarray(1, encodeText(text, bytes, 1, entities));
}

const anyText = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('&', '<', '>', '"', "'", '`', '=', 'a', '가', '𠮷', '\ud800', '\udc00'),
  }),
);

describe('encodeText', () => {
  it('writes the UTF-8 that the runtime writes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.deepEqual(encoded(text, noEntities), Buffer.from(text, 'utf8'));
      }),
    );
  });

  it('escapes as Handlebars does', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(
          encoded(text, htmlEntities).toString(),
          Handlebars.escapeExpression(text).toWellFormed(),
        );
      }),
    );
  });
});
