import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type SampleMember, sampleMember } from '../../src/sample/member.ts';

const month = '2026-11-01';
const count = 5_000;
const members = Array.from({ length: count }, (_, index) => sampleMember(1, BigInt(index + 1), month));
function shareOf(matches: (member: SampleMember) => boolean): number {
  return members.filter(matches).length / count;
}

describe('sampleMember', () => {
  it('makes the same member for the same seed and id', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.bigInt(1n, 2n ** 63n - 1n), (seed, id) => {
        assert.deepEqual(sampleMember(seed, id, month), sampleMember(seed, id, month));
      }),
    );
  });

  it('makes other members for another seed', () => {
    const same = members.slice(0, 2_000).filter(({ id, name, address }) => {
      const other = sampleMember(2, id, month);
      return other.name === name && other.address === address;
    });
    assert.equal(same.length, 0);
  });

  it('leaves about 0.3 % without an e-mail address', () => {
    const share = shareOf(({ email }) => email === null);
    assert.ok(share > 0.0015 && share < 0.0045, String(share));
  });

  it('gives about 10 % do-not-disturb hours, some over midnight', () => {
    const share = shareOf(({ doNotDisturb }) => doNotDisturb !== null);
    assert.ok(share > 0.09 && share < 0.11, String(share));
    assert.ok(members.some(({ doNotDisturb: hours }) => hours !== null && hours.end < hours.start));
    assert.ok(members.some(({ doNotDisturb: hours }) => hours !== null && hours.start < hours.end));
  });

  it('gives everyone an e-mail address of an example domain and a unique phone number', () => {
    const emails = members.flatMap(({ email }) => email ?? []);
    for (const email of emails) assert.match(email, /^[a-z]+\.[a-z]+\d+@example\.(com|net|org)$/);
    assert.equal(new Set(emails).size, emails.length);
    for (const { phone } of members) assert.match(phone, /^010-[01]\d{3}-\d{4}$/);
    assert.equal(new Set(members.map(({ phone }) => phone)).size, count);
  });

  it('writes names in Hangul and payment numbers of nobody', () => {
    for (const { name, payment } of members) {
      assert.match(name, /^\p{sc=Hangul}{2,4}$/u);
      assert.match(payment.ownerName, /^\p{sc=Hangul}{2,4}$/u);
      assert.match(payment.number, /^(0\d{3}-\d{4}-\d{4}-\d{4}|000-\d\d-\d{6})$/);
    }
    const paidByOthers = shareOf(({ name, payment }) => payment.ownerName !== name);
    assert.ok(paidByOthers > 0.05 && paidByOthers < 0.1, String(paidByOthers));
  });
});
