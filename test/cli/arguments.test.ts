import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBillId, parseBillIds } from '../../src/cli/arguments.ts';

describe('a bill id on the command line', () => {
  it('may be as large as PostgreSQL’s', () => {
    assert.deepEqual(parseBillIds('9223372036854775807', parseBillIds('1')), ['1', '9223372036854775807']);
  });

  for (const text of ['0', '-1', '1.0', '01', 'x', '', '9223372036854775808', '99999999999999999999'])
    it(`is not "${text}"`, () => assert.throws(() => parseBillId(text), /wants the number of a bill/));
});
