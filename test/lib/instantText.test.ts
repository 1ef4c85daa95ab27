import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasPlainYear, instantText, plainTime } from '../../src/lib/instantText.ts';

describe('a point in time in a request', () => {
  it('has a year of four digits in every time zone', () => {
    for (const text of ['0001-01-02T00:00:00Z', '9998-12-30T23:59:59.999Z', '2026-11-25T09:00:00+09:00']) {
      assert.equal(instantText.parse(text), text);
      assert.equal(plainTime(new Date(text)).getTime(), Date.parse(text));
    }
    for (const text of ['0001-01-01T23:59:59Z', '9998-12-31T00:00:00Z']) {
      assert.equal(hasPlainYear(new Date(text)), false);
      assert.match(instantText.safeParse(text).error?.issues[0]?.message ?? '', /a year from 1 to 9998/);
    }
  });

  it('is moved to the nearest such time if it came from elsewhere', () => {
    assert.equal(plainTime(new Date(-8.64e15)).toISOString(), '0001-01-02T00:00:00.000Z');
    assert.equal(plainTime(new Date(8.64e15)).toISOString(), '9998-12-30T23:59:59.999Z');
  });
});
