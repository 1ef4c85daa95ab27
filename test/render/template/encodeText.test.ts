import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import {
  type Entities,
  encodeText,
  HTML_ENTITIES,
  MAX_BYTES_PER_UNIT,
  NO_ENTITIES,
} from '../../../src/render/template/encodeText.ts';

const encoded = (text: string, entities: Entities): Buffer => {
  const bytes = Buffer.alloc(text.length * MAX_BYTES_PER_UNIT + 1);
  return bytes.subarray(1, encodeText(text, bytes, 1, entities));
};

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('&', '<', '>', '"', "'", '`', '=', 'a', '가', '𠮷', '\ud800', '\udc00'),
  }),
);

describe('encodeText', () => {
  it('writes the UTF-8 that the runtime writes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.deepEqual(encoded(text, NO_ENTITIES), Buffer.from(text, 'utf8'));
      }),
    );
  });

  it('escapes as Handlebars does', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(
          encoded(text, HTML_ENTITIES).toString(),
          Handlebars.escapeExpression(text).toWellFormed(),
        );
      }),
    );
  });
});
