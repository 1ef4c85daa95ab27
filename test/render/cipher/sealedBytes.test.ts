import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeBase64 } from '../../../src/render/cipher/sealedBytes.ts';

describe('decodeBase64', () => {
  it('allows blanks and line breaks anywhere', () => {
    for (const body of ['QUI=', 'Q\nU\r\nI=', ' QUI = ', 'QUI=\n', 'QQ==\n', 'QQ=\n='])
      assert.match(decodeBase64(body)?.toString() ?? 'none', /^AB?$/);
  });

  it('refuses anything else', () => {
    for (const body of ['', '=', 'QUI=A', 'QUI===', 'QU-_', 'Q,'])
      assert.equal(decodeBase64(body), undefined, body);
  });

  it('takes no longer for blanks than for letters', () => {
    // At the square of its length this would take minutes.
    assert.equal(decodeBase64(`${' '.repeat(4_000_000)}!`), undefined);
    assert.equal(decodeBase64(`A=${' '.repeat(4_000_000)}!`), undefined);
  });
});
