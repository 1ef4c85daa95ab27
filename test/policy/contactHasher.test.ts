import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAddressHasher } from '../../src/policy/addressHasher.ts';
import { createContactHasher } from '../../src/policy/contactHasher.ts';

const [old, current] = [{ key: Buffer.alloc(32, 1) }, { key: Buffer.alloc(32, 2) }];

describe('the hash of a contact', () => {
  it('has 16 bytes, and is the same however the contact is written', () => {
    const hasher = createContactHasher([current]);
    assert.ok(hasher);
    assert.equal(hasher.hash('email', 'Hong@Example.com').length, 16);
    assert.deepEqual(hasher.hash('email', 'Hong@Example.com'), hasher.hash('email', 'hong@example.com '));
    assert.deepEqual(hasher.hash('phone', '+82 10-1234-5678'), hasher.hash('phone', '01012345678'));
    assert.notDeepEqual(hasher.hash('phone', '01012345678'), hasher.hash('email', '01012345678'));
  });

  it('is by the current key, and by all of them for a search', () => {
    const hasher = createContactHasher([current, old]);
    assert.ok(hasher);
    const hashes = hasher.hashes('email', 'hong@example.com');
    assert.deepEqual(hashes[0], hasher.hash('email', 'hong@example.com'));
    assert.deepEqual(hashes[1], createContactHasher([old])?.hash('email', 'hong@example.com'));
  });

  it('is no part of the hash that the journal has, although it comes from the same keys', () => {
    const contact = createContactHasher([current])?.hash('email', 'hong@example.com');
    const journal = createAddressHasher([{ ...current, keyId: 'a' }]).hash('EMAIL', 'hong@example.com');
    assert.ok(contact && journal);
    assert.ok(!Buffer.from(journal.slice(2), 'base64url').includes(contact));
  });

  it('is not made without a key', () => {
    assert.equal(createContactHasher([]), undefined);
  });
});
