import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { reserveSends } from '../../src/db/providerRates.ts';
import { ask, askValue } from '../support/ask.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from provider_rate'));

function reserve(count: number, facts: { name?: string; leadMs?: number } = {}) {
  return reserveSends(db.database, { name: 'ses', count, stepMs: 2, leadMs: 20, ...facts });
}

describe('sends of a rate', () => {
  it('are reserved one after the other, by whoever asks, and begin no sooner than is wanted', async () => {
    const first = await reserve(40);
    assert.ok(first);
    assert.ok(Math.abs(first.firstMs - first.nowMs - 20) < 5);
    const others = await Promise.all(Array.from({ length: 4 }, () => reserve(20)));
    const begins = others.map((one) => Math.round((one?.firstMs ?? 0) - first.firstMs)).sort((a, b) => a - b);
    assert.deepEqual(begins, [80, 120, 160, 200]);
  });

  it('are reserved for the near future only', async () => {
    await reserve(300);
    assert.equal(await reserve(1), undefined);
    assert.notEqual(await reserve(1, { name: 'EMAIL/ses' }), undefined, 'another rate');
  });

  it('are not missed by a clock that was set back', async () => {
    await reserve(1);
    await ask(db.database, `update provider_rate set next_at = next_at + interval '1 hour'`);
    const again = await reserve(1);
    assert.ok(again && again.firstMs - again.nowMs < 100);
  });

  it('keep one row per rate', async () => {
    await reserve(1);
    await reserve(1);
    assert.equal(await askValue(db.database, 'select count(*)::int from provider_rate'), 1);
  });
});
