import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { packetOf, readPacket } from '../../../../src/render/cipher/pgp/packets.ts';

function bodyOf(bytes: Buffer): Buffer {
  const packet = readPacket(bytes, 0);
  assert.ok(packet.kind === 'packet');
  return packet.body;
}

describe('the packets', () => {
  it('are read as they were written, with what follows left alone', () => {
    const lengths = fc.oneof(fc.nat(300), fc.nat(20_000));
    fc.assert(
      fc.property(fc.nat(63), lengths, (tag, length) => {
        const body = Buffer.alloc(length, 7);
        const written = packetOf(tag, body);
        const read = readPacket(Buffer.concat([Buffer.of(1, 2), written, Buffer.of(3)]), 2);
        assert.ok(read.kind === 'packet');
        assert.deepEqual([read.tag, read.end], [tag, 2 + written.length]);
        assert.ok(read.body.equals(body));
      }),
    );
  });

  // RFC 4880, 4.2.3: the examples of lengths in octets.
  const examples: readonly (readonly [number[], number])[] = [
    [[0x64], 100],
    [[0xc5, 0xfb], 1723],
    [[0xff, 0x00, 0x01, 0x86, 0xa0], 100_000],
  ];
  for (const [length, bytes] of examples) {
    it(`of the new format with a length of ${length.length} octets`, () => {
      assert.equal(bodyOf(Buffer.concat([Buffer.of(0xcb, ...length), Buffer.alloc(bytes)])).length, bytes);
    });
  }

  it('of the new format in parts', () => {
    const [first, second, last] = [Buffer.alloc(32_768, 1), Buffer.alloc(2, 2), Buffer.alloc(1693, 3)];
    const bytes = [Buffer.of(0xcb, 0xef), first, Buffer.of(0xe1), second, Buffer.of(0xc5, 0xdd), last];
    assert.ok(bodyOf(Buffer.concat(bytes)).equals(Buffer.concat([first, second, last])));
  });

  it('of the old format, of each type of length', () => {
    for (const header of [[0xac, 3], [0xad, 0, 3], [0xae, 0, 0, 0, 3], [0xaf]]) {
      const packet = readPacket(Buffer.of(...header, 1, 2, 3), 0);
      assert.ok(packet.kind === 'packet');
      assert.deepEqual([packet.tag, [...packet.body]], [11, [1, 2, 3]]);
    }
  });

  it('are refused if there is none, or not all of it', () => {
    for (const bytes of [
      [],
      [0x0b, 1, 1],
      [0xcb],
      [0xcb, 2, 1],
      [0xcb, 0xc5],
      [0xcb, 0xff, 0, 0],
      [0xcb, 0xe1, 1],
    ]) {
      assert.equal(readPacket(Buffer.of(...bytes), 0).kind, 'refused');
    }
    for (const bytes of [[0xac], [0xad, 0], [0xae, 0, 0, 0, 2, 1]]) {
      assert.equal(readPacket(Buffer.of(...bytes), 0).kind, 'refused');
    }
  });
});
