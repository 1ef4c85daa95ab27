import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAbroad } from '../../src/lib/abroadNumber.ts';
import { readPhoneNumber } from '../../src/render/bill/phoneNumber.ts';

describe('a number of abroad', () => {
  it('is none of Korea, also if another country is at home', () => {
    assert.equal(isAbroad('+821012345678'), false);
  });

  it('has another code than that of Korea, however it is written', () => {
    for (const [stored, abroad] of [
      ['+32 470 12 34 56', true],
      ['+82 10 1234 5678', false],
      ['010-1234-5678', false],
    ] as const) {
      const read = readPhoneNumber(stored);
      assert.ok(read.kind === 'usable');
      assert.equal(isAbroad(read.to), abroad, stored);
    }
  });
});
