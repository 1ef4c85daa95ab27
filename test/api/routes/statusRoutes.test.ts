import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

describe('GET /api/v1/status', () => {
  it('counts every state, and says that the lag is not known without Kafka', async () => {
    await insertNotification(test.database, { publishStatus: 'HELD' });
    await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    await insertNotification(test.database, { sendStatus: 'IN_DOUBT', inDoubtMsAgo: 60_000 });
    const app = await createTestApi({ database: test.database });
    const status = (await app.inject({ url: '/api/v1/status', headers: bearer('viewer') })).json();
    assert.deepEqual(
      [status.total, status.held, status.delivered, status.inDoubt, status.lag],
      [3, 1, 1, 1, null],
    );
    assert.ok(status.oldestDoubtMs >= 60_000 && status.oldestDoubtMs < 600_000);
    assert.ok(status.lagProblem.length > 0);
    assert.equal(status.brakes.EMAIL.on, false);
    assert.ok(Math.abs(Date.parse(status.asOf) - Date.now()) < 60_000);
    await app.close();
  });
});

describe('GET /api/v1/months/{month}/status', () => {
  it('counts the bills of the month', async () => {
    for (const [month, sendStatus] of [
      ['2026-10-01', 'DELIVERED'],
      ['2026-11-01', 'FAILED'],
      ['2026-11-01', 'DELIVERED'],
    ] as const) {
      const { billId } = await insertNotification(test.database, { sendStatus });
      await insertBill(test.database, { billId, month });
    }
    const app = await createTestApi({ database: test.database });
    const url = '/api/v1/months/2026-11/status';
    const status = (await app.inject({ url, headers: bearer('viewer') })).json();
    assert.deepEqual(
      [status.month, status.total, status.delivered, status.failed, status.exact, status.countedSince],
      ['2026-11', 2, 1, 1, true, null],
    );
    await app.close();
  });
});

describe('GET /api/v1/dispatchers', () => {
  it('lists who is alive and who is silent, with what they hold', async () => {
    await test.database.execute(`
      delete from dispatcher;
      insert into dispatcher (id, name, heartbeat_at) values
        ('00000000-0000-4000-8000-000000000001', 'a:1', now()),
        ('00000000-0000-4000-8000-000000000002', 'b:2', now() - interval '1 minute');
      insert into claim_batch (token, owner, bill_ids, claimed_at) values
        (gen_random_uuid(), '00000000-0000-4000-8000-000000000001', '{1,2,3}', now())`);
    const app = await createTestApi({ database: test.database });
    const { items } = (await app.inject({ url: '/api/v1/dispatchers', headers: bearer('viewer') })).json();
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [item.name, item.alive, item.batches, item.bills]),
      [
        ['a:1', true, 1, 3],
        ['b:2', false, 0, 0],
      ],
    );
    await app.close();
  });
});
