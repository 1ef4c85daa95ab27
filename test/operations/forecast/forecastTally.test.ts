import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExpectedBill } from '../../../src/operations/forecast/expectedBill.ts';
import { ForecastTally } from '../../../src/operations/forecast/forecastTally.ts';
import { billIdOf } from '../../support/notifications.ts';

interface Mailed {
  readonly amount?: number | null;
  readonly currency?: string;
  readonly items?: number;
  readonly lastMonth?: number | null;
  readonly bytes?: number;
  readonly domain?: string;
}

function mailed(id: number, given: Mailed = {}): ExpectedBill {
  const { amount = 1_000, currency = null, items = 3, lastMonth = 1_000, bytes = 9_000 } = given;
  const { domain = 'naver.com' } = given;
  return {
    billId: billIdOf(id),
    first: 'EMAIL',
    turns: [],
    amount,
    currency,
    figures: { items, lastMonth },
    end: { kind: 'goes', channel: 'EMAIL', form: 'email', bytes, domain, quietMs: 0 },
  };
}

function tallied(bills: readonly ExpectedBill[]) {
  const tally = new ForecastTally('KRW');
  for (const bill of bills) tally.add(bill);
  return tally.facts();
}

describe('a forecast sums up', () => {
  it('messages, turns and quiet hours', () => {
    const facts = tallied([
      mailed(1, { bytes: 100 }),
      mailed(2, { bytes: 200 }),
      {
        ...mailed(3),
        turns: [{ from: 'EMAIL', to: 'SMS', why: 'noContact' }],
        end: { kind: 'goes', channel: 'SMS', form: 'lms', bytes: 120, domain: undefined, quietMs: 60_000 },
      },
    ]);
    assert.deepEqual(facts.messages, [
      { channel: 'EMAIL', form: 'email', messages: 2, averageBytes: 150, mostBytes: 200 },
      { channel: 'SMS', form: 'lms', messages: 1, averageBytes: 120, mostBytes: 120 },
    ]);
    assert.deepEqual(facts.turns, [{ from: 'EMAIL', to: 'SMS', why: 'noContact', bills: 1 }]);
    assert.deepEqual([facts.turned, facts.first], [1, [{ channel: 'EMAIL', bills: 3 }]]);
    assert.deepEqual(facts.quietHours, { bills: 1, longestMs: 60_000 });
  });

  it('amounts by currency without rounding, and those that are unknown', () => {
    const large = Number.MAX_SAFE_INTEGER;
    const facts = tallied([
      mailed(1, { amount: large }),
      mailed(2, { amount: large }),
      mailed(3, { amount: 5, currency: 'USD' }),
      mailed(4, { amount: null }),
    ]);
    assert.deepEqual(facts.amounts, [
      { currency: 'KRW', bills: 2, sum: '18014398509481982' },
      { currency: 'USD', bills: 1, sum: '5' },
    ]);
    assert.equal(facts.withoutAmount, 1);
  });

  it('failures by reason with the first few bills, in bounded memory', () => {
    const failing = (id: number, detail: string): ExpectedBill => ({
      ...mailed(id),
      end: { kind: 'fails', channel: 'EMAIL', reason: 'BILL_INCOMPLETE', detail },
    });
    const same = Array.from({ length: 9 }, (_, index) => failing(index + 1, 'items'));
    const [group] = tallied(same).failures;
    assert.deepEqual([group?.bills, group?.sample], [9, ['1', '2', '3', '4', '5']]);
    const other = Array.from({ length: 500 }, (_, index) => failing(index + 1, `part ${index}`));
    const { failures } = tallied(other);
    assert.ok(failures.length <= 51);
    assert.equal(
      failures.reduce((sum, { bills }) => sum + bills, 0),
      500,
    );
  });

  it('domains, but none that may be a person’s own', () => {
    const facts = tallied([
      ...[1, 2, 3].map((id) => mailed(id)),
      ...[4, 5].map((id) => mailed(id, { domain: 'gmail.com' })),
      mailed(6, { domain: 'kim-family.kr' }),
    ]);
    assert.deepEqual(facts.domains, [
      { domain: 'naver.com', bills: 3 },
      { domain: 'gmail.com', bills: 2 },
    ]);
    assert.equal(facts.otherDomains, 1);
  });
});

describe('outliers', () => {
  it('are the longest, the largest, and what is zero, negative or unlike last month', () => {
    const { outliers } = tallied([
      ...Array.from({ length: 20 }, (_, index) => mailed(100 + index)),
      mailed(1, { bytes: 20_000 }),
      mailed(2, { items: 40 }),
      mailed(3, { amount: 9_999_999, lastMonth: 9_000_000 }),
      mailed(4, { amount: 0 }),
      mailed(5, { amount: -10 }),
      mailed(6, { amount: 5_000 }),
      mailed(7, { amount: 100 }),
      mailed(8, { amount: 2_900 }),
      mailed(9, { lastMonth: null }),
    ]);
    assert.deepEqual(outliers.longest[0], { billId: '1', channel: 'EMAIL', bytes: 20_000 });
    assert.deepEqual(outliers.mostItems[0], { billId: '2', items: 40 });
    assert.equal(outliers.largest[0]?.billId, '3');
    assert.deepEqual([outliers.zero.count, outliers.zero.bills[0]?.billId], [1, '4']);
    assert.deepEqual([outliers.negative.count, outliers.negative.bills[0]?.amount], [1, -10]);
    assert.deepEqual(
      outliers.unlikeLastMonth.bills.map(({ billId, ratio }) => [billId, ratio]),
      [
        ['7', 0.1],
        ['6', 5],
      ],
    );
  });
});
