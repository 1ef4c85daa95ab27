import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { ask } from '../support/ask.ts';
import { addBillsInEveryState, type BillsOfStates, billsByState } from '../support/billsInEveryState.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { addOpenRows, openRows } from '../support/openRows.ts';
import { bearer, createTestApi } from '../support/testApi.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();

/** Sets each time of each row that may have this one. People mend rows of all tables by hand. */
async function setTimes(time: string): Promise<void> {
  const columns = await ask<[table: string, column: string]>(
    test.database,
    `select table_name::text, column_name::text from information_schema.columns
     where table_schema = current_schema() and data_type like 'timestamp%'`,
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

/** The addresses of the document that can be read, with these values for what is in braces. */
async function addressesOf(app: ApiApp, values: Readonly<Record<string, string>>): Promise<string[]> {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json();
  return Object.entries<Record<string, unknown>>(paths).flatMap(([url, methods]) => {
    const address = url.replaceAll(/\{(\w+)\}/g, (braced, name) => values[name] ?? braced);
    return 'get' in methods && !address.includes('{') && !url.endsWith('/stream') ? [address] : [];
  });
}

async function readAll(app: ApiApp, billIds: readonly string[]): Promise<string[]> {
  const lists = await addressesOf(app, { ...openRows, month: '2026-11' });
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
  let bills: BillsOfStates;
  before(async () => {
    bills = await addBillsInEveryState(test.database);
    await addOpenRows(test.database, bills.DELIVERED[0] ?? '');
  });

  for (const time of ['infinity', '-infinity', '10000-01-01', '294276-12-31']) {
    it(`is shown for ${time}`, async () => {
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
