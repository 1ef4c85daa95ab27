import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { count, distance, duration, rate, share } from '../../../src/dashboard/words/format.ts';
import { language, languageOf } from '../../../src/dashboard/words/language.ts';

beforeEach(() => {
  language.value = 'en';
});

describe('a number', () => {
  it('is grouped, and a dash if it is not known', () => {
    assert.equal(count(1_234_567), '1,234,567');
    assert.equal(count(null), '–');
    assert.equal(rate(0.26), '0.3');
    assert.equal(rate(4_200.4), '4,200');
  });

  it('is never all or nothing if it is not', () => {
    assert.equal(share(9_999_999, 10_000_000), '99.9%');
    assert.equal(share(1, 10_000_000), '0.1%');
    assert.equal(share(10, 10), '100%');
    assert.equal(share(0, 10), '0%');
    assert.equal(share(0, 0), '–');
  });
});

describe('a duration', () => {
  it('has two units, in both languages', () => {
    assert.equal(duration(3_725_000), '1 h 2 min');
    assert.equal(duration(60_000), '1 min');
    assert.equal(duration(0), '0 s');
    language.value = 'ko';
    assert.equal(duration(3_725_000), '1시간 2분');
  });

  it('says which way it goes', () => {
    assert.equal(distance(0, 5_000), '5 s ago');
    assert.equal(distance(5_000, 0), 'in 5 s');
    assert.equal(distance(0, 100), 'now');
  });
});

describe('the language', () => {
  it("is the browser's, English if it is another", () => {
    assert.deepEqual([languageOf('ko-KR'), languageOf('de')], ['ko', 'en']);
  });
});
