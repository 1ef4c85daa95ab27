import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forecastLines } from '../../src/cli/forecastLines.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { expectedCost } from '../../src/operations/forecast/expectedCost.ts';
import { expectedDuration } from '../../src/operations/forecast/expectedDuration.ts';
import type { ForecastFacts } from '../../src/operations/forecast/forecast.ts';
import { ForecastTally } from '../../src/operations/forecast/forecastTally.ts';
import { billIdOf } from '../support/notifications.ts';

function factsOf(environment: Record<string, string>): ForecastFacts {
  const { prices, providers: shares, providerRates: rates, brakeLimits } = loadConfig(environment);
  const tally = new ForecastTally('KRW');
  tally.add({
    billId: billIdOf(12),
    first: 'EMAIL',
    turns: [],
    amount: 1_234_500,
    currency: null,
    figures: { items: 4, lastMonth: 100_000 },
    end: { kind: 'goes', channel: 'EMAIL', form: 'email', bytes: 9_000, domain: 'naver.com', quietMs: 0 },
  });
  tally.add({
    billId: billIdOf(13),
    first: 'EMAIL',
    turns: [{ from: 'EMAIL', to: 'SMS', why: 'noContact' }],
    amount: -150,
    currency: 'USD',
    figures: { items: 1, lastMonth: null },
    end: { kind: 'goes', channel: 'SMS', form: 'lms', bytes: 101, domain: undefined, quietMs: 5_400_000 },
  });
  tally.add({
    billId: billIdOf(14),
    first: 'EMAIL',
    turns: [],
    amount: null,
    currency: null,
    figures: undefined,
    end: { kind: 'fails', channel: 'EMAIL', reason: 'BILL_INCOMPLETE', detail: 'bill.vat is missing' },
  });
  const found = tally.facts();
  const { messages } = found;
  return {
    month: '2026-11',
    asOf: '2026-11-25T00:00:00.000Z',
    template: { name: 'bill', version: 'f00' },
    bills: 3,
    notHeld: 2,
    sampled: null,
    ...found,
    turnLimit: brakeLimits.smsTurns,
    duration: expectedDuration({
      bills: 3,
      messages,
      rates,
      shares,
      measured: undefined,
      perSecond: undefined,
      atWarmup: null,
    }),
    cost: expectedCost(messages, { prices, shares }),
  };
}

describe('a forecast in the terminal', () => {
  it('says what a person has to know, and what is not known', () => {
    const text = forecastLines(factsOf({ PRICE_EMAIL: '0.5', PROVIDER_RATES: 'simulated:1' }));
    for (const line of [
      /^2026-11: 3 held bills; 2 more are released, sent/,
      /^ {2}LMS +1 {2}101 bytes on average/m,
      /^By another channel than their first: 1 \(33.3 %\): above 20.0 % the brake stops/m,
      /^ +1 {2}EMAIL BILL_INCOMPLETE: bill.vat is missing \(bills 14\)/m,
      /^In quiet hours now: 1. They would wait, the last of them 90 min/m,
      /^Amounts: -USD 1.50 in 1 bill/m,
      /^Amount unknown: 1 bill/m,
      /^Duration: about 1 s/m,
      /^Cost: 0.5 KRW, without 1 message that no price is known of/m,
      /^ {2}unlike last month.*12 \(KRW 1,234,500\) x 12.35/m,
    ]) {
      assert.match(text, line);
    }
  });

  it('calls unknown what no setting says', () => {
    const text = forecastLines(factsOf({}));
    assert.match(text, /^Duration: unknown/m);
    assert.match(text, /^Cost: unknown/m);
    assert.match(forecastLines({ ...factsOf({}), bills: 0 }), /^No held bills/);
  });
});
