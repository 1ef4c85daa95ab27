import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inBytes } from '../../../src/providers/http/encodeMessage.ts';
import { compileBody, splitBatchBody } from '../../../src/providers/mapped/bodyTemplate.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

function write(
  body: Parameters<typeof compileBody>[0],
  encoding: 'json' | 'form',
  fields: Record<string, string>,
) {
  const bytes = compileBody(body, encoding)((field) => inBytes(fields[field] ?? ''));
  return Buffer.from(bytes, 'latin1').toString();
}

describe('the body of a request', () => {
  it('is JSON with each value in its type, whatever the value is', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.nat(), (text, id) => {
        const body = {
          a: ['{{text}}', 'x{{text}}끝'],
          id: '{{id|number}}',
          고정: [1, true, null, {}, [], '', '값'],
        };
        assert.deepEqual(JSON.parse(write(body, 'json', { text, id: String(id) })), {
          a: [text, `x${text}끝`],
          id,
          고정: [1, true, null, {}, [], '', '값'],
        });
      }),
    );
  });

  it('keeps an id above 2^53 - 1 as text', () => {
    assert.equal(
      write({ id: '{{id|number}}' }, 'json', { id: '9007199254740993' }),
      '{"id":"9007199254740993"}',
    );
  });

  it('is a form, encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const form = new URLSearchParams(
          write({ 'h:x': '<{{text}}>', to: ['+82 & 값', 'b'] }, 'form', { text }),
        );
        assert.deepEqual(
          [...form],
          [
            ['h:x', `<${text}>`],
            ['to', '+82 & 값'],
            ['to', 'b'],
          ],
        );
      }),
    );
  });

  it('writes telephone numbers as providers want them', () => {
    const body = { a: '{{to|digits}}', b: '{{to|e164}}', c: '{{to|e164digits}}', d: '{{to|national}}' };
    assert.deepEqual(JSON.parse(write(body, 'json', { to: '010-1234-5678' })), {
      a: '01012345678',
      b: '+821012345678',
      c: '821012345678',
      d: '01012345678',
    });
    assert.deepEqual(JSON.parse(write(body, 'json', { to: '+12025550100' })), {
      a: '12025550100',
      b: '+12025550100',
      c: '12025550100',
      d: '+12025550100',
    });
  });

  it('of a batch has its list where the file says', () => {
    assert.deepEqual(splitBatchBody({ a: 1, list: '{{items}}', z: 2 }), ['{"a":1,"list":[', '],"z":2}']);
    assert.deepEqual(splitBatchBody('{{items}}'), ['[', ']']);
  });
});
