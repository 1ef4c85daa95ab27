import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBillId, parseBillIds, parseBrokers } from '../../src/cli/arguments.ts';

describe('a bill id on the command line', () => {
  it('may be as large as PostgreSQL’s', () => {
    assert.deepEqual(parseBillIds('9223372036854775807', parseBillIds('1')), ['1', '9223372036854775807']);
  });

  for (const text of ['0', '-1', '1.0', '01', 'x', '', '9223372036854775808', '99999999999999999999']) {
    it(`is not "${text}"`, () => assert.throws(() => parseBillId(text), /must be the id of a bill/));
  }
});

describe('a number of brokers on the command line', () => {
  it('is from 1 to 9', () => {
    assert.deepEqual(['1', '3', '9'].map(parseBrokers), [1, 3, 9]);
    assert.throws(() => parseBrokers('0'), /must be a positive integer/);
    assert.throws(() => parseBrokers('10'), /must be at most 9/);
  });
});
