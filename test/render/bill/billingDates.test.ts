import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createDayFormatter,
  formatDate,
  monthKey,
  monthOf,
  monthsBefore,
  periodOf,
} from '../../../src/render/bill/billingDates.ts';

const anyMonth = fc.record({
  year: fc.integer({ min: 1970, max: 2100 }),
  month: fc.integer({ min: 1, max: 12 }),
});

describe('billing dates', () => {
  it('counts months back as Date does', () => {
    fc.assert(
      fc.property(anyMonth, fc.nat(40), ({ year, month }, count) => {
        const date = new Date(Date.UTC(year, month - 1 - count, 1));
        assert.equal(monthKey(monthsBefore({ year, month }, count)), date.toISOString().slice(0, 7));
      }),
    );
  });

  it('ends a period with the last day of its month', () => {
    fc.assert(
      fc.property(anyMonth, ({ year, month }) => {
        const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
        assert.ok(periodOf({ year, month }).endsWith(`.${lastDay}`));
      }),
    );
    assert.equal(periodOf(monthsBefore(monthOf('2024-03-01'), 1)), '2024.02.01 ~ 2024.02.29');
  });

  it('writes dates in Korean', () => assert.equal(formatDate('2026-11-05'), '2026년 11월 5일'));

  it('gives an instant as a day of the time zone', () => {
    const dayInSeoul = createDayFormatter('Asia/Seoul', formatDate);
    assert.equal(dayInSeoul('2026-11-02T14:59:59+00:00'), '2026년 11월 2일');
    assert.equal(dayInSeoul('2026-11-02T15:00:00+00:00'), '2026년 11월 3일');
    assert.equal(dayInSeoul('never'), '-');
    const dayInNewYork = createDayFormatter('America/New_York', (date) => date);
    assert.equal(dayInNewYork('2026-11-02T15:00:00+09:00'), '2026-11-02');
  });
});
