import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHomeNumbers } from '../../src/lib/homeNumbers.ts';
import { createAddressHasher } from '../../src/policy/addressHasher.ts';

function keyOf(keyId: string, fill: number) {
  return { keyId, key: Buffer.alloc(32, fill) };
}
const [old, current] = [keyOf('2026a', 1), keyOf('2027a', 2)];
const address = 'hong@example.com';

describe('the hash of an address', () => {
  it('is by the current key, of channel and address, and holds nothing of it', () => {
    const hash = createAddressHasher([current, old]).hash('EMAIL', address);
    assert.match(hash ?? '', /^2027a:[\w-]{43}$/);
    assert.equal(createAddressHasher([current]).hash('EMAIL', address), hash);
    assert.notEqual(createAddressHasher([keyOf('2027a', 3)]).hash('EMAIL', address), hash);
  });

  it('is found again by the key that made it, also when another one is current', () => {
    const hash = createAddressHasher([old]).hash('EMAIL', address) ?? '';
    for (const keys of [[old], [current, old]]) {
      assert.equal(createAddressHasher(keys).isOf(hash, 'EMAIL', address), true);
    }
    assert.equal(createAddressHasher([current]).isOf(hash, 'EMAIL', address), false, 'its key is gone');
    assert.equal(createAddressHasher([keyOf('2026a', 9)]).isOf(hash, 'EMAIL', address), false);
  });

  it('is not that of another address or channel, and nothing else is one', () => {
    const { hash, isOf } = createAddressHasher([current]);
    const known = hash('EMAIL', address) ?? '';
    assert.equal(isOf(known, 'EMAIL', 'hong2@example.com'), false);
    assert.equal(isOf(known, 'SMS', address), false);
    for (const other of ['', ':', '2027a:', '2027a:AAAA', known.slice(1), `${known}A`]) {
      assert.equal(isOf(other, 'EMAIL', address), false, other);
    }
  });

  it('is none without a key', () => {
    assert.equal(createAddressHasher([]).hash('EMAIL', address), undefined);
  });

  it('is the same however an address is written', () => {
    const hasher = createAddressHasher([{ keyId: 'a', key: Buffer.alloc(32, 1) }]);
    assert.equal(hasher.hash('EMAIL', ' Kim@Example.COM'), hasher.hash('EMAIL', 'kim@example.com'));
    for (const number of ['010-1234-5678', '+82 10 1234 5678', '821012345678', '+8201012345678']) {
      assert.equal(hasher.hash('SMS', number), hasher.hash('SMS', '01012345678'), number);
    }
    assert.notEqual(hasher.hash('SMS', '01012345679'), hasher.hash('SMS', '01012345678'));
  });

  it('is kept from one home country to another if the number has its code; else it is another number', () => {
    const keys = [current];
    const homes = { KR: undefined, BE: createHomeNumbers('BE'), NL: createHomeNumbers('NL') };
    const hashers = Object.values(homes).map((home) => createAddressHasher(keys, home));
    for (const [index, before] of hashers.entries()) {
      for (const after of hashers) {
        const known = before.hash('SMS', '+32 470 12 34 56') ?? '';
        assert.equal(after.isOf(known, 'SMS', '+32470123456'), true, String(index));
      }
    }
    const [korean, belgian, dutch] = hashers;
    assert.ok(korean !== undefined && belgian !== undefined && dutch !== undefined);
    const refused = belgian.hash('SMS', '0470 12 34 56') ?? '';
    assert.equal(dutch.isOf(refused, 'SMS', '0470123456'), false);
    assert.equal(korean.isOf(refused, 'SMS', '0470123456'), false);
  });

  it('is the same with the code of the home country and without, also before the country was set', () => {
    const keys = [current];
    const hasher = createAddressHasher(keys, createHomeNumbers('BE'));
    const hash = hasher.hash('SMS', '+32470123456') ?? '';
    for (const number of ['0470 12 34 56', '0470/12.34.56', '32470123456']) {
      assert.equal(hasher.hash('SMS', number), hash, number);
    }
    const asKorean = createAddressHasher(keys).hash('SMS', '0470-12-34-56') ?? '';
    assert.notEqual(asKorean, hash);
    assert.equal(hasher.isOf(asKorean, 'SMS', '+32470123456'), true);
    assert.equal(hasher.isOf(asKorean, 'SMS', '+32470123457'), false);
    const abroad = createAddressHasher(keys).hash('SMS', '01012345678') ?? '';
    assert.equal(hasher.isOf(abroad, 'SMS', '+821012345678'), true, 'and of Korea');
  });
});
