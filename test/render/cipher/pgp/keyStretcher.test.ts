import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createKeyStretcher } from '../../../../src/render/cipher/pgp/keyStretcher.ts';

/** RFC 4880, 3.7.1, word by word. */
function derived(input: { hash: string; salt: Buffer; hashedBytes: number }, passphrase: string): Buffer {
  const once = Buffer.concat([input.salt, Buffer.from(passphrase)]);
  const wanted = Math.max(input.hashedBytes, once.length);
  const all = Buffer.concat(Array.from({ length: Math.ceil(wanted / once.length) }, () => once)).subarray(
    0,
    wanted,
  );
  const hashes = [0, 1].map((zeros) =>
    createHash(input.hash).update(Buffer.alloc(zeros)).update(all).digest(),
  );
  return Buffer.concat(hashes);
}

describe('the key stretcher', () => {
  it('follows the specification for every passphrase, salt and count', () => {
    const passphrases = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1, maxLength: 100 }).map((text) => text.padEnd(17_050, text)),
    );
    const hashes = fc.constantFrom('md5', 'sha1', 'sha256');
    const salts = fc.constantFrom(Buffer.alloc(0), Buffer.from('saltsalt'));
    fc.assert(
      fc.property(passphrases, hashes, salts, fc.nat(60_000), (passphrase, hash, salt, hashedBytes) => {
        const how = { hash, salt, hashedBytes };
        const stretch = createKeyStretcher(passphrase);
        const longest = derived(how, passphrase);
        for (const keyBytes of [16, 24, 32]) {
          const key = stretch(how, keyBytes).export();
          assert.ok(key.equals(longest.subarray(0, keyBytes)));
        }
      }),
    );
  });

  it('keeps nothing of one key for the next', () => {
    const stretch = createKeyStretcher('passphrase');
    const how = { hash: 'sha1', salt: Buffer.from('saltsalt'), hashedBytes: 65_536 };
    const first = stretch(how, 32);
    stretch({ ...how, salt: Buffer.from('another!') }, 32);
    assert.ok(stretch(how, 32).equals(first));
  });
});
