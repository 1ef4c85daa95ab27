import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { formOf, priceOf } from '../../src/policy/messagePrice.ts';

describe('the price of a message', () => {
  const { prices } = loadConfig({
    PRICE_EMAIL: '0.5',
    PRICE_SMS: '9',
    PROVIDER_PRICES: 'simulated:8,LMS/simulated:26',
    PRICE_CURRENCY: 'USD',
  });

  it('is that of its provider, else that of its form', () => {
    const provider = 'simulated';
    assert.equal(prices.currency, 'USD');
    assert.equal(priceOf(prices, { channel: 'SMS', form: 'sms', provider }), 8);
    assert.equal(priceOf(prices, { channel: 'SMS', form: 'lms', provider }), 26);
    assert.equal(priceOf(prices, { channel: 'SMS', form: 'sms', provider: 'other' }), 9);
    assert.equal(priceOf(prices, { channel: 'EMAIL', form: 'email', provider: 'other' }), 0.5);
  });

  it('is unknown if no setting says it: a long message does not cost what a short one does', () => {
    assert.equal(priceOf(prices, { channel: 'SMS', form: 'lms', provider: 'other' }), undefined);
    assert.equal(
      priceOf(loadConfig({}).prices, { channel: 'EMAIL', form: 'email', provider: 'x' }),
      undefined,
    );
  });

  it('is of the long form only for channels that have one', () => {
    assert.equal(formOf('SMS', true), 'lms');
    assert.equal(formOf('SMS', false), 'sms');
    assert.equal(formOf('ALIMTALK', true), 'alimtalk');
  });

  it('names a provider that is used', () => {
    assert.throws(() => loadConfig({ PROVIDER_PRICES: 'LMS/solapi:26' }), /names LMS\/solapi/);
    assert.throws(() => loadConfig({ PROVIDER_RATES: 'LMS/simulated:26' }), /names LMS\/simulated/);
  });
});
