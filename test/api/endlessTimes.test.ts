import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { ask } from '../support/ask.ts';
import { addBillsInEveryState, billsByState } from '../support/billsInEveryState.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { bearer, createTestApi } from '../support/testApi.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();

/** The billing system writes into some of these tables, and people mend rows by hand. */
const tables = [
  ...['bill', 'bill_notification', 'delivery_attempt', 'poison_record', 'bill_receipt', 'early_event'],
  ...['bill_action', 'run'],
];

/** Sets each time of each row that may have this one. */
async function setTimes(time: string): Promise<void> {
  const columns = await ask<[table: string, column: string]>(
    test.database,
    `select table_name::text, column_name::text from information_schema.columns
     where table_schema = current_schema() and table_name = any($1) and data_type like 'timestamp%'`,
    [tables],
  );
  for (const [table, column] of columns) {
    const isFailed =
      table === 'bill_notification' && column === 'retransmit_at' ? `send_status = 'FAILED'` : 'false';
    await ask(
      test.database,
      `update ${table} set ${column} = '${time}' where ${column} is not null or ${isFailed}`,
    );
  }
}

async function readAll(app: ApiApp, billIds: readonly string[]): Promise<string[]> {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json();
  const lists = Object.entries<Record<string, unknown>>(paths).flatMap(([url, methods]) =>
    'get' in methods && !url.includes('{') && !url.endsWith('/stream') ? [url] : [],
  );
  const pages = ['doubts', 'dead-letters', 'runs', 'actions'].map((list) => `/api/v1/${list}?limit=1`);
  const bills = billIds.flatMap((id) => [`/api/v1/bills/${id}`, `/api/v1/bills/${id}/proof`]);
  const asked = [
    ...[...lists, ...pages, ...bills].map((url) => ({ method: 'GET' as const, url })),
    { method: 'POST' as const, url: '/api/v1/bills/search', payload: { limit: 1 } },
  ];
  const failed: string[] = [];
  for (const request of asked) {
    const { statusCode } = await app.inject({ ...request, headers: bearer('admin') });
    if (statusCode >= 500) failed.push(`${request.url}: ${statusCode}`);
  }
  return failed;
}

async function doubtsByPages(app: ApiApp): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | null = ''; next !== null && found.length <= billsByState.IN_DOUBT; ) {
    const url: string = `/api/v1/doubts?limit=1${next && `&after=${next}`}`;
    const page = (await app.inject({ url, headers: bearer('viewer') })).json();
    found.push(...page.items.map(({ billId }: { billId: string }) => billId));
    next = page.next;
  }
  return found;
}

describe('a row with a time that no answer can show', () => {
  for (const time of ['infinity', '-infinity', '10000-01-01', '294276-12-31']) {
    it(`is shown for ${time}`, async () => {
      const bills = await addBillsInEveryState(test.database);
      await setTimes(time);
      const app = await createTestApi({ database: test.database });
      const firsts = Object.values(bills).map(([first = '']) => first);
      assert.deepEqual(await readAll(app, firsts), []);
    });
  }

  it('does not hide the others of its list', async () => {
    const { IN_DOUBT: ids } = await addBillsInEveryState(test.database);
    const app = await createTestApi({ database: test.database });
    for (const time of ['infinity', '-infinity']) {
      await ask(
        test.database,
        `update bill_notification set in_doubt_at = '${time}' where in_doubt_at is not null`,
      );
      assert.deepEqual(await doubtsByPages(app), ids);
    }
  });

  it('does not hide what follows an id that no bill should have', async () => {
    await emptyTables(test.database);
    for (const id of ['-5', '9100000000000000001', '9100000000000000002']) {
      await insertNotification(test.database, { billId: billIdOf(id), sendStatus: 'IN_DOUBT' });
    }
    const app = await createTestApi({ database: test.database });
    assert.equal((await doubtsByPages(app)).length, 3);
    const payload = { limit: 1 };
    const search = { method: 'POST' as const, url: '/api/v1/bills/search', headers: bearer('viewer') };
    const { next } = (await app.inject({ ...search, payload })).json();
    const after = (await app.inject({ ...search, payload: { ...payload, after: next } })).json();
    assert.equal(after.items[0].billId, '9100000000000000001');
  });
});
