import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createBareCbc, openCbc } from '../../../src/render/cipher/aesCbc.ts';
import { cbc } from './sealing.ts';

const bytes = randomBytes(32);
const key = createSecretKey(bytes);
function opened(text: string) {
  return { kind: 'opened', text };
}
function sealed(text: string, of: Uint8Array = bytes) {
  return cbc(of, Buffer.from(text)).toString('base64');
}

describe('openCbc', () => {
  it('opens every text that node:crypto sealed as IV and cipher text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.deepEqual(openCbc(key, sealed(text)), opened(text));
      }),
    );
  });

  it('refuses wrong padding', () => {
    const iv = randomBytes(16);
    const sealing = createCipheriv('aes-256-cbc', bytes, iv).setAutoPadding(false);
    const value = Buffer.concat([iv, sealing.update(Buffer.alloc(16)), sealing.final()]);
    assert.equal(openCbc(key, value.toString('base64')).kind, 'refused');
  });

  it('refuses what opens to bytes that are no UTF-8', () => {
    const value = cbc(bytes, Buffer.from([0xff, 0xfe])).toString('base64');
    assert.equal(openCbc(key, value).kind, 'refused');
  });

  for (const length of [0, 15, 16, 31, 33]) {
    it(`refuses ${length} bytes`, () => {
      assert.equal(openCbc(key, Buffer.alloc(length, 1).toString('base64')).kind, 'refused');
    });
  }
});

describe('createBareCbc', () => {
  const others = Array.from({ length: 3 }, () => randomBytes(32));
  const { open } = createBareCbc([bytes, ...others].map((of) => createSecretKey(of)));

  it('opens a value of any of the keys', () => {
    for (const of of [bytes, ...others]) {
      for (const text of ['홍길동', '010-1234-5678\r', 'a\0\0', '서울특별시\t강남구\n8층', '']) {
        assert.deepEqual(open(sealed(text, of)), opened(text));
      }
    }
    assert.equal(open(sealed('홍길동', randomBytes(32))).kind, 'refused');
  });

  it('takes no text that no system writes for a right one', () => {
    // Such as a wrong key gives now and then: good UTF-8 with control or unassigned characters.
    for (const text of ['a\u0001b', 'a\u007fb', 'a\u0085b', 'a\u{e000}b', 'a\u{378}b']) {
      assert.deepEqual(open(sealed(text)), {
        kind: 'refused',
        why: 'it was changed, or sealed with another key',
      });
    }
  });

  it('refuses a value that two keys open to different texts, whichever is the current one', () => {
    // Looked for among 16-byte blocks until one gave letters and good padding by both keys.
    const value = 'xv32YafZylsvHP2KR3CuJfe/zZxU0gzcS1+g7Dn8Af4=';
    const keys = [1, 2].map((fill) => createSecretKey(Buffer.alloc(32, fill)));
    assert.deepEqual(
      keys.map((one) => openCbc(one, value)),
      [opened('zzzwZwoZOWkzwzy'), opened('O3R36q00639a3e8')],
    );
    for (const order of [keys, keys.toReversed()]) {
      assert.deepEqual(createBareCbc(order).open(value), {
        kind: 'refused',
        why: 'more than one key opens it: write its key id in front of it',
      });
    }
  });

  it('opens a value of a key that is there under two ids', () => {
    assert.deepEqual(createBareCbc([key, key]).open(sealed('홍길동')), opened('홍길동'));
  });
});
