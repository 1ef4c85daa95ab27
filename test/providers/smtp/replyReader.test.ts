import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ReplyReader } from '../../../src/providers/smtp/replyReader.ts';

const line = fc.stringMatching(/^[ -~]{0,20}$/);
const code = fc.integer({ min: 200, max: 599 });
const reply = fc
  .tuple(code, fc.array(line, { maxLength: 3 }), fc.oneof(line, fc.constant('없는 사용자')))
  .map(([of, more, last]) => [...more.map((text) => `${of}-${text}`), `${of} ${last}`].join('\r\n').trim());

describe('the replies of a relay', () => {
  it('are read whole, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (replies, cuts) => {
          const bytes = Buffer.from(replies.map((text) => `${text}\r\n`).join(''));
          const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
            (a, b) => a - b,
          );
          const reader = new ReplyReader();
          const read = places
            .slice(1)
            .flatMap((end, index) => reader.read(bytes.subarray(places[index], end)));
          assert.deepEqual(read, replies);
        },
      ),
    );
  });

  it('are read with bare line feeds, without blank lines, and in other characters than UTF-8', () => {
    const reader = new ReplyReader();
    assert.deepEqual(reader.read(Buffer.from('\r\n250-a\n250 b\n\r\n550\r\n')), ['250-a\n250 b', '550']);
    assert.deepEqual(reader.read(Buffer.from('550 caf\u00e9\r\n', 'latin1')), ['550 caf\u00e9']);
  });

  it('must end', () => {
    const reader = new ReplyReader();
    assert.throws(() => {
      for (let count = 0; count < 10_000; count++) reader.read(Buffer.from('250-and so on\r\n'));
    }, RangeError);
  });
});
