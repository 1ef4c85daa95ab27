import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isEmailAddress, isPhoneNumber } from '../../src/render/contact.ts';

describe('isEmailAddress', () => {
  it('takes what is one', () => {
    fc.assert(fc.property(fc.emailAddress(), (email) => assert.equal(isEmailAddress(email), true)));
    assert.equal(isEmailAddress('홍길동@예시.한국'), true);
  });

  const wrong = [
    ...['', 'hong', '@example.com', 'hong@', 'a@b@c.kr', 'hong@example..com', '.hong@example.com'],
    ...[
      'hong@example.com\r\nBcc: x@y.kr',
      'hong@example.com\n',
      'ho ng@example.com',
      'a@b.kr,c@d.kr',
      '<a@b.kr>',
    ],
    ...['a\u202e@b.kr', `${'a'.repeat(250)}@b.kr`],
  ];
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(isEmailAddress(text), false));
  }
});

describe('isPhoneNumber', () => {
  for (const text of ['010-1234-5678', '01012345678', '+82 10 1234 5678', '(02) 123-4567']) {
    it(`takes ${text}`, () => assert.equal(isPhoneNumber(text), true));
  }
  for (const text of ['', '010', '010-1234-5678\r\n', '010-1234-567x', '1'.repeat(16), '-------', '+']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(isPhoneNumber(text), false));
  }
});
