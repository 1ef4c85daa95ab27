import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budget, createCountKeeper } from '../../src/sweeper/countKeeper.ts';
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
