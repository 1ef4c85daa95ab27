import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budget, createCountKeeper, isWorthCounting } from '../../src/sweeper/countKeeper.ts';
import { askValue } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { newDispatcherId } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('the time for counting', () => {
  it('is a hundredth of all time, saved up to a second', () => {
    const budget = new Budget(0);
    assert.equal(
      budget.savedMs(0),
      1_000,
      'a crash may have left wrong counts, so the start is not the time to save',
    );
    budget.spend(1_000);
    assert.equal(budget.savedMs(0), 0);
    assert.equal(budget.savedMs(10_000), 100);
    assert.equal(budget.savedMs(1_000_000), 1_000);
  });
});

describe('a window', () => {
  const running = { runningMs: 5_000, savedMs: 600 };

  it('is counted at once if something has changed in it', () => {
    const window = { isKnownToDiffer: true, countedMsAgo: 0 };
    assert.equal(isWorthCounting(window, { ...running, savedMs: 1 }), true);
  });

  it('is counted once after a start, and then every 20 s', () => {
    const asked = (countedMsAgo: number, runningMs: number) =>
      isWorthCounting({ isKnownToDiffer: false, countedMsAgo }, { runningMs, savedMs: 600 });
    assert.equal(asked(6_000, 5_000), true, 'another process counted it');
    assert.equal(asked(4_000, 5_000), false, 'it was counted since');
    assert.equal(asked(19_000, 60_000), false);
    assert.equal(asked(20_000, 60_000), true);
  });

  it('waits until there is time to spare if nothing is known to have changed', () => {
    const window = { isKnownToDiffer: false, countedMsAgo: 60_000 };
    assert.equal(isWorthCounting(window, { ...running, savedMs: 499 }), false);
    assert.equal(isWorthCounting(window, { ...running, savedMs: 500 }), true);
  });
});

describe('the keeper of the counts', () => {
  it('works in one process at a time, and gives its lease back', async () => {
    const ownerOf = () =>
      askValue<string | undefined>(db.database, `select min(owner::text) from lease where name = 'counts'`);
    const [first, second] = [newDispatcherId(), newDispatcherId()];
    const keepers = [first, second].map((owner) =>
      createCountKeeper({ database: db.database, log: silentLog, owner, first: 'EMAIL' }),
    );
    keepers[0]?.start();
    await eventually(async () => (await ownerOf()) === first);
    keepers[1]?.start();
    await keepers[1]?.stop();
    assert.equal(await ownerOf(), first);
    await keepers[0]?.stop();
    await keepers[0]?.stop();
    assert.equal(await ownerOf(), null);
  });
});
