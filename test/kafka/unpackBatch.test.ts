import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { compressFrame } from 'lz4-napi';
import { compress } from 'snappy';
import { gzip, lz4, snappy, zstd } from '../../src/kafka/codecs.ts';
import { decompress } from '../../src/kafka/unpackBatch.ts';
import { UnpackedTooLarge } from '../../src/kafka/unpackedTooLarge.ts';

const codecs = { gzip, lz4, snappy, zstd };
const names = ['gzip', 'lz4', 'snappy', 'zstd'] as const;
const limit = 1_000_000;
const zeros = Buffer.alloc(16_000_000);

describe('decompress', () => {
  for (const name of names) {
    it(`gives back what ${name} packed, up to the limit`, async () => {
      const repetitive = Buffer.from('{"memberId": 7, "billId": 8}'.repeat(20_000));
      for (const plain of [Buffer.of(1), randomBytes(500_000), repetitive, Buffer.alloc(limit - 65_536)]) {
        const packed = await codecs[name].compress({ buffer: plain });
        assert.ok(plain.equals(await decompress(name, packed, limit)));
      }
    });

    it(`refuses what ${name} packed beyond the limit, and 16 MB of zeros with it`, async () => {
      for (const plain of [zeros.subarray(0, limit * 2), zeros]) {
        const packed = await codecs[name].compress({ buffer: plain });
        await assert.rejects(decompress(name, packed, limit), UnpackedTooLarge);
      }
    });

    it(`distinguishes what ${name} did not pack from what is too large`, async () => {
      for (const bytes of [Buffer.from('not packed at all'), Buffer.of(1)]) {
        await assert.rejects(decompress(name, bytes, limit), (error) => !(error instanceof UnpackedTooLarge));
      }
    });

    it(`refuses what ${name} packed and somebody cut off`, async () => {
      const packed = await codecs[name].compress({ buffer: randomBytes(200_000) });
      await assert.rejects(decompress(name, packed.subarray(0, packed.length - 5), limit));
    });
  }

  it('counts every block of snappy, framed or not, before it unpacks one', async () => {
    await assert.rejects(
      decompress('snappy', await compress(Buffer.alloc(limit + 1)), limit),
      UnpackedTooLarge,
    );
    const claims4Gb = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]);
    await assert.rejects(decompress('snappy', claims4Gb, limit), UnpackedTooLarge);
  });

  it('counts every frame of lz4', async () => {
    const frame = await compressFrame(Buffer.alloc(600_000));
    await assert.rejects(decompress('lz4', Buffer.concat([frame, frame]), limit), UnpackedTooLarge);
  });

  it('gives back what is not packed', async () => {
    const plain = randomBytes(10);
    assert.equal(await decompress('none', plain, limit), plain);
  });
});
