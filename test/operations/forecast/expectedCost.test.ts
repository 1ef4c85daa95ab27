import assert from 'node:assert/strict';
import { it } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { expectedCost } from '../../../src/operations/forecast/expectedCost.ts';
import type { ProviderShares } from '../../../src/providers/providerShares.ts';

it('a cost is shared by weights, and says what has no price', () => {
  const { prices } = loadConfig({ PRICE_EMAIL: '0.1', PRICE_SMS: '9' });
  const shares: ProviderShares = {
    ...perChannel(() => []),
    EMAIL: [
      { name: 'one', weight: 2 },
      { name: 'two', weight: 1 },
    ],
    SMS: [{ name: 'three', weight: 1 }],
  };
  const cost = expectedCost(
    [
      { channel: 'EMAIL', form: 'email', messages: 1_000 },
      { channel: 'SMS', form: 'sms', messages: 10 },
      { channel: 'SMS', form: 'lms', messages: 3 },
    ],
    { prices, shares },
  );
  assert.deepEqual(
    cost.lines.map(({ provider, messages, cost: sum }) => [provider, messages, sum]),
    [
      ['one', 667, 66.7],
      ['two', 333, 33.3],
      ['three', 10, 90],
      ['three', 3, null],
    ],
  );
  assert.deepEqual([cost.total, cost.unpriced, cost.currency], [190, 3, 'KRW']);
  assert.equal(expectedCost([], { prices, shares }).total, null);
});
