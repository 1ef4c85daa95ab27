import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { billIdOf, emptyTables, insertNotification, memberIdOf } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();

beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute('truncate member, bill, bill_item');
  const add = insertNotification;
  await add(test.database, { billId: billIdOf(1), publishStatus: 'HELD' });
  await add(test.database, { billId: billIdOf(2), sendStatus: 'FAILED', reason: 'EMAIL_REFUSED' });
  await add(test.database, {
    billId: billIdOf(3),
    sendStatus: 'FAILED',
    reason: 'NO_CONTACT',
    channel: 'SMS',
  });
  await add(test.database, { billId: billIdOf(4), notBeforeInMs: 3_600_000 });
  await add(test.database, { billId: billIdOf(5), sendStatus: 'DELIVERED', memberId: memberIdOf(77) });
  await insertBill(test.database, { billId: billIdOf(2), month: '2026-11-01' });
  await insertBill(test.database, { billId: billIdOf(5), month: '2026-10-01', memberId: memberIdOf(77) });
});

async function search(payload: object) {
  const app = await createTestApi({ database: test.database });
  const request = {
    method: 'POST' as const,
    url: '/api/v1/bills/search',
    headers: bearer('viewer'),
    payload,
  };
  return app.inject(request);
}

async function idsOf(payload: object): Promise<string[]> {
  return (await search(payload)).json().items.map(({ billId }: { billId: string }) => billId);
}

describe('POST /api/v1/bills/search', () => {
  it('shows a bill whatever month it has, and so does the page of the bill', async () => {
    await insertBill(test.database, { billId: billIdOf(3), month: '0001-01-01' });
    await insertBill(test.database, { billId: billIdOf(4), month: '10000-02-01' });
    const found = (await search({ state: 'FAILED' })).json();
    assert.deepEqual(
      found.items.map(({ month }: { month: string }) => month),
      ['2026-11', '0001-01'],
    );
    const app = await createTestApi({ database: test.database });
    const bill = await app.inject({ url: '/api/v1/bills/4', headers: bearer('agent') });
    assert.equal(bill.json().bill.month, '10000-02');
  });

  it('finds by each condition, and by several together', async () => {
    assert.deepEqual(await idsOf({ state: 'FAILED' }), ['2', '3']);
    assert.deepEqual(await idsOf({ state: 'FAILED', reason: 'NO_CONTACT' }), ['3']);
    assert.deepEqual(await idsOf({ channel: 'SMS' }), ['3']);
    assert.deepEqual(await idsOf({ state: 'HELD' }), ['1']);
    assert.deepEqual(await idsOf({ state: 'WAITING' }), ['4']);
    assert.deepEqual(await idsOf({ month: '2026-11' }), ['2']);
    assert.deepEqual(await idsOf({ month: '2026-11', state: 'FAILED' }), ['2']);
    assert.deepEqual(await idsOf({ month: '2026-10', state: 'FAILED' }), []);
    assert.deepEqual(await idsOf({ month: '2026-11', state: 'HELD' }), []);
    assert.deepEqual(await idsOf({ month: '2025-01', state: 'IN_DOUBT' }), []);
    assert.deepEqual(await idsOf({ month: '2026-11', state: 'CANCELLED' }), []);
    assert.deepEqual(await idsOf({ memberId: '77' }), ['5']);
    assert.deepEqual(await idsOf({ billId: '4' }), ['4']);
    assert.deepEqual(await idsOf({ billId: '4', state: 'FAILED' }), []);
    assert.deepEqual(await idsOf({ changedBefore: '2020-01-01T00:00:00Z' }), []);
  });

  it('finds each bill in one state only, which is the one that it shows', async () => {
    await insertNotification(test.database, { billId: billIdOf(6) });
    await insertNotification(test.database, {
      billId: billIdOf(7),
      publishStatus: 'HELD',
      notBeforeInMs: 3_600_000,
    });
    assert.deepEqual(await idsOf({ state: 'PENDING' }), ['6']);
    assert.deepEqual(await idsOf({ state: 'WAITING' }), ['4']);
    assert.deepEqual(await idsOf({ state: 'HELD' }), ['1', '7']);
  });

  it('refuses a reason that no bill can have, as an export and an action do', async () => {
    const app = await createTestApi({ database: test.database });
    const wrong = { reason: 'EMAIL_REFUSD' };
    const asked = {
      '/bills/search': wrong,
      '/bills/export': { where: wrong, reason: 'a test' },
      '/actions': { kind: 'retry', selection: wrong },
    };
    for (const [path, payload] of Object.entries(asked)) {
      const request = { method: 'POST' as const, url: `/api/v1${path}`, headers: bearer('admin'), payload };
      const { statusCode, body } = await app.inject(request);
      assert.equal(statusCode, 400, path);
      assert.match(body, /EMAIL_REFUSD is no reason code: did you mean EMAIL_REFUSED\?/);
    }
    const url = '/api/v1/failures?reason=EMAIL_REFUSED';
    const { statusCode } = await app.inject({ url, headers: bearer('viewer') });
    assert.equal(statusCode, 400, 'a condition that it does not know');
  });

  it('goes through pages by key, and says how far it got', async () => {
    const first = (await search({ limit: 2 })).json();
    assert.deepEqual(
      [first.items.length, first.next, first.searched.upTo, first.searched.complete],
      [2, '2', '2', false],
    );
    assert.deepEqual(await idsOf({ limit: 2, after: first.next }), ['3', '4']);
    const last = (await search({ after: '4' })).json();
    assert.deepEqual([last.next, last.searched], [null, { rows: 1, upTo: '5', complete: true }]);
  });

  it('looks beyond its first window', async () => {
    await test.database.execute(
      'insert into bill_notification (bill_id, member_id) select id, id from generate_series(1001, 1600) id',
    );
    await insertNotification(test.database, { billId: billIdOf(2_000), sendStatus: 'DELIVERED' });
    // A busy machine may need several requests to get this far.
    let page = { items: [] as { billId: string }[], next: '1000' as string | null };
    while (page.items.length === 0 && page.next !== null) {
      page = (await search({ state: 'DELIVERED', after: page.next, limit: 1 })).json();
    }
    assert.deepEqual([page.items[0]?.billId, page.next], ['2000', '2000']);
  });

  it('finds a rare reason of failures behind many others at once, and a common one page by page', async () => {
    await test.database.execute(`
      insert into bill_notification (bill_id, member_id, send_status, publish_status, reason, failed_at)
      select id, 1, 'FAILED', 'PUBLISHED', case when id < 9000 then 'EMAIL_REFUSED' else 'SMS_REFUSED' end, now()
      from generate_series(101, 9001) id`);
    const rare = (await search({ state: 'FAILED', reason: 'SMS_REFUSED' })).json();
    assert.deepEqual(
      [rare.items.map(({ billId }: { billId: string }) => billId), rare.searched.rows, rare.next],
      [['9000', '9001'], 2, null],
    );
    assert.deepEqual(await idsOf({ state: 'FAILED', reason: 'SMS_REFUSED', after: '9000' }), ['9001']);
    assert.deepEqual(await idsOf({ state: 'FAILED', reason: 'EMAIL_REFUSED', limit: 2 }), ['2', '101']);
    assert.deepEqual(await idsOf({ state: 'FAILED', reason: 'EMAIL_REFUSED', month: '2026-11' }), ['2']);
  });

  it('shows nothing of the member', async () => {
    const [item] = (await search({ billId: '5' })).json().items;
    assert.deepEqual(Object.keys(item).sort(), [
      'attempts',
      'billId',
      'changedAt',
      'channel',
      'cycle',
      'dueAt',
      'month',
      'reason',
      'state',
    ]);
  });

  it('takes an injection as plain text', async () => {
    for (const body of [
      { reason: "X' or '1'='1" },
      { billId: '1 or 1=1' },
      { billId: '9300000000000000000' },
      { month: '0000-01' },
      { memberId: '<script>' },
      { after: '1 or 1' },
      { limit: 0 },
      { limit: 1e9 },
    ]) {
      assert.equal((await search(body)).json().code, 'REQUEST_INVALID', JSON.stringify(body));
    }
  });
});
