import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeBase64, openedText } from '../../../src/render/cipher/sealedBytes.ts';

describe('openedText', () => {
  it('takes every text, one with the sign for what cannot be read too', () => {
    for (const text of ['', '홍길동', 'a\ufffdb', '\ufffd', '😀']) {
      assert.deepEqual(openedText(Buffer.from(text)), { kind: 'opened', text });
    }
  });

  it('refuses bytes that are no UTF-8: no continuation, cut off, overlong, half a pair', () => {
    for (const bytes of [
      [0xc8, 0x41],
      [0xed, 0x99],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xef, 0xbf, 0xbd, 0xff],
    ]) {
      assert.equal(openedText(Buffer.from(bytes)).kind, 'refused');
    }
  });
});

describe('decodeBase64', () => {
  it('allows blanks and line breaks anywhere', () => {
    for (const body of ['QUI=', 'Q\nU\r\nI=', ' QUI = ', 'QUI=\n', 'QQ==\n', 'QQ=\n=']) {
      assert.match(decodeBase64(body)?.toString() ?? 'none', /^AB?$/);
    }
  });

  it('refuses anything else', () => {
    for (const body of ['', '=', 'QUI=A', 'QUI===', 'QU-_', 'Q,']) {
      assert.equal(decodeBase64(body), undefined, body);
    }
  });

  it('takes no longer for blanks than for letters', () => {
    // If the time grew with the square of the length, this would take minutes.
    assert.equal(decodeBase64(`${' '.repeat(4_000_000)}!`), undefined);
    assert.equal(decodeBase64(`A=${' '.repeat(4_000_000)}!`), undefined);
  });
});
