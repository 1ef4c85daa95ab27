import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DomainPace, readDomainRates } from '../../../src/providers/smtp/domainPace.ts';

describe('the pace of a domain', () => {
  it('is read from its setting, and a wrong one is an error', () => {
    assert.deepEqual(
      [...readDomainRates('Naver.com:50, hanmail.net:0.5')],
      [
        ['naver.com', 50],
        ['hanmail.net', 0.5],
      ],
    );
    for (const text of ['', 'naver.com', 'naver.com:0', 'a.kr:1,a.kr:2', 'a.kr:x']) {
      assert.throws(() => readDomainRates(text), /domain:messages per second/);
    }
  });

  it('lets others pass at once', () => {
    const pace = new DomainPace(new Map([['naver.com', 1]]));
    for (let count = 0; count < 100; count++) assert.equal(pace.waitMs('kim@example.kr', 0), 0);
  });

  it('lets as many pass as it says, whoever comes again when he was told to', () => {
    const pace = new DomainPace(new Map([['naver.com', 10]]));
    const waiting = Array.from({ length: 300 }, () => 0);
    let passed = 0;
    let tries = 0;
    for (let nowMs = 1; waiting.length > 0; nowMs += 1) {
      for (let index = waiting.length - 1; index >= 0; index--) {
        if ((waiting[index] ?? 0) > nowMs) continue;
        tries++;
        const waitMs = pace.waitMs('kim@Naver.com', nowMs);
        if (waitMs === 0) {
          waiting.splice(index, 1);
          passed++;
          assert.ok(passed <= 10 * (nowMs / 1_000) + 4, `${passed} after ${nowMs} ms`);
        } else waiting[index] = nowMs + waitMs;
      }
      assert.ok(nowMs < 33_000, 'nearly all of the rate is used');
    }
    assert.ok(tries < 2 * 300 + 100, `${tries} tries of 300 bills`);
  });
});
