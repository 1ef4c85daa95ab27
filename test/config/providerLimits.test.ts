import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';

describe('what is said of providers', () => {
  it('is a number each, for a provider or for one channel of it', () => {
    const { providerRates, prices } = loadConfig({
      PROVIDER_RATES: 'simulated:500, EMAIL/simulated:0.5',
      PROVIDER_PRICES: 'SMS/simulated:13',
    });
    assert.deepEqual(providerRates, { simulated: 500, 'EMAIL/simulated': 0.5 });
    assert.deepEqual(prices.byProvider, { 'SMS/simulated': 13 });
    assert.deepEqual(loadConfig({}).providerRates, {});
  });

  it('is a whole number of open sends', () => {
    assert.deepEqual(loadConfig({ PROVIDER_CONCURRENCY: 'simulated:5' }).providerConcurrency, {
      simulated: 5,
    });
    for (const open of ['0', '1.5']) {
      const env = { PROVIDER_CONCURRENCY: `simulated:${open}` };
      assert.throws(() => loadConfig(env), /a whole number from 1/);
    }
    assert.throws(
      () => loadConfig({ PROVIDER_CONCURRENCY: 'ses:5' }),
      /CONCURRENCY names ses, which no channel/,
    );
  });

  it('is how many messages a second a provider is asked about, if it tells of single ones', () => {
    const ses = {
      PROVIDER_EMAIL: 'ses',
      SES_REGION: 'ap-northeast-2',
      SES_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      SES_SECRET_ACCESS_KEY: 's',
      SES_FROM: 'bills@example.com',
    };
    assert.deepEqual(loadConfig({ ...ses, RECEIPT_RATES: 'ses:1' }).receiptRates, { ses: 1 });
    for (const [rates, problem] of [
      ['ses:0', /RECEIPT_RATES of ses must be from 0.1 to 100/],
      ['ses:101', /RECEIPT_RATES of ses must be from 0.1 to 100/],
      ['resend:1', /RECEIPT_RATES names resend, which no channel uses/],
      ['simulated:1', /RECEIPT_RATES names simulated, which cannot be asked about single messages/],
    ] as const) {
      assert.throws(() => loadConfig({ ...ses, RECEIPT_RATES: rates }), problem);
    }
  });

  for (const [rates, problem] of [
    ['simulated', /PROVIDER_RATES must be/],
    ['simulated:1,simulated:2', /each name once/],
    ['simulated:fast', /PROVIDER_RATES must be/],
    ['ses:500', /PROVIDER_RATES names ses, which no channel uses/],
    ['simulated:0', /at least 0.1/],
  ] as const) {
    it(`is not ${rates}`, () => {
      assert.throws(() => loadConfig({ PROVIDER_RATES: rates }), problem);
    });
  }
});
