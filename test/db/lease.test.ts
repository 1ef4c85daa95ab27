import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { releaseLease, takeLease } from '../../src/db/lease.ts';
import { ask } from '../support/ask.ts';
import { emptyTables, newDispatcherId } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const [first, second] = [newDispatcherId(), newDispatcherId()];
function take(owner: typeof first, name = 'relay') {
  return takeLease(db.database, name, { owner, ttlMs: 60_000 });
}
function expire() {
  return ask(db.database, `update lease set expires_at = now() - interval '1 ms'`);
}

describe('a lease', () => {
  it('belongs to the first who asks, and nobody else can renew it', async () => {
    assert.equal(await take(first), true);
    assert.equal(await take(second), false);
    assert.equal(await take(first), true);
    assert.equal(await take(second), false);
  });

  it('goes to the next once it has expired, and is lost to the one before', async () => {
    await take(first);
    await expire();
    assert.equal(await take(second), true);
    assert.equal(await take(first), false);
  });

  it('that expired unnoticed may be renewed by its owner', async () => {
    await take(first);
    await expire();
    assert.equal(await take(first), true);
    assert.equal(await take(second), false);
  });

  it('that is released is free at once', async () => {
    await take(first);
    await releaseLease(db.database, 'relay', first);
    assert.equal(await take(second), true);
  });

  it('cannot be released by another', async () => {
    await take(first);
    await releaseLease(db.database, 'relay', second);
    assert.equal(await take(second), false);
  });

  it('of another name is another lease', async () => {
    await take(first);
    assert.equal(await take(second, 'other'), true);
  });

  it('goes to one of many who ask at once, also when it has just expired', async () => {
    for (const prepare of [async () => undefined, expire]) {
      await prepare();
      const owners = Array.from({ length: 8 }, newDispatcherId);
      const answers = await Promise.all(owners.map((owner) => take(owner)));
      assert.equal(answers.filter((taken) => taken).length, 1);
    }
  });
});
