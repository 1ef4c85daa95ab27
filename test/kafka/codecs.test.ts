import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { compress } from 'snappy';
import { type Codec, gzip, lz4, snappy, zstd } from '../../src/kafka/codecs.ts';

const codecs: Record<string, Codec> = { gzip, lz4, snappy, zstd };

describe('codecs', () => {
  for (const [name, codec] of Object.entries(codecs)) {
    it(`${name} gives back what it was given`, async () => {
      const repetitive = Buffer.from('{"memberId": 7, "billId": 8}'.repeat(20_000));
      for (const plain of [
        Buffer.of(1),
        randomBytes(100_000),
        repetitive,
        repetitive.subarray(0, 32 * 1024),
      ]) {
        const compressed = await codec.compress({ buffer: plain });
        assert.ok(plain.equals(await codec.decompress(compressed)));
      }
    });

    it(`${name} reads a record batch written by Java's producer`, {
      skip: name === 'gzip' && 'see javaProducers.test.ts',
    }, async () => {
      const batch = await readFile(new URL(`./javaBatches/${name}.bin`, import.meta.url));
      const text = (await codec.decompress(batch)).toString('latin1');
      const billIds = [...text.matchAll(/\{"memberId": 7, "billId": (\d+)\}/g)].map((match) =>
        Number(match[1]),
      );
      assert.deepEqual(
        billIds,
        Array.from({ length: 2_000 }, (_, index) => index + 1),
      );
    });

    it(`${name} refuses bytes that it did not write`, async () => {
      await assert.rejects(async () => codec.decompress(Buffer.from('not compressed at all')));
    });
  }

  it('snappy writes the framing of Java, in several blocks', async () => {
    const framed = await snappy.compress({ buffer: randomBytes(100_000) });
    assert.equal(framed.subarray(0, 16).toString('hex'), '82534e4150505900' + '0000000100000001');
    assert.ok(framed.readUInt32BE(16) < 40_000);
  });

  it('snappy reads a block without framing, as other clients write it', async () => {
    const plain = Buffer.from('{"memberId": 7, "billId": 8}'.repeat(100));
    assert.ok(plain.equals(await snappy.decompress(await compress(plain))));
  });

  it('snappy refuses a frame that was cut off', async () => {
    const framed = await snappy.compress({ buffer: randomBytes(50_000) });
    await assert.rejects(snappy.decompress(framed.subarray(0, framed.length - 1)), /ends beyond/);
  });
});
