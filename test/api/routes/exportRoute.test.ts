import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ask } from '../../support/ask.ts';
import { eventually } from '../../support/eventually.ts';
import { emptyTables } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
const bills = 30_000;

beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute('truncate access_record');
  await ask(
    test.database,
    `insert into bill_notification (bill_id, member_id) select n, n from generate_series(1, ${bills}) n`,
  );
});

function records(): Promise<unknown[][]> {
  return ask(test.database, 'select what, result, bills, reason from access_record order by seq');
}

describe('POST /api/v1/bills/export', () => {
  it('hands out all bills, and records who took them, why and how many', async () => {
    const app = await createTestApi({ database: test.database });
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/bills/export',
      headers: bearer('auditor'),
      payload: { where: { state: 'HELD' }, reason: 'month-end report' },
    });
    assert.equal(answer.statusCode, 200);
    assert.match(String(answer.headers['content-type']), /^text\/csv/);
    assert.equal(answer.body.trimEnd().split('\r\n').length, bills + 1);
    assert.deepEqual(await records(), [
      ['export', 'begun', 0, 'month-end report'],
      ['export', 'done', bills, 'month-end report'],
    ]);
  });

  it('records an export that was broken off as failed, with what was handed out', async () => {
    const app = await createTestApi({ database: test.database });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const stop = new AbortController();
    const answer = await fetch(`${url}/api/v1/bills/export`, {
      method: 'POST',
      headers: { ...bearer('auditor'), 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'looks at the beginning' }),
      signal: stop.signal,
    });
    await answer.body?.getReader().read();
    stop.abort();
    await eventually(async () => (await records()).length === 2);
    const [, [, result, handedOut] = []] = await records();
    assert.equal(result, 'failed');
    assert.ok(Number(handedOut) > 0 && Number(handedOut) < bills, String(handedOut));
    await app.close();
  });

  it('wants a reason', async () => {
    const app = await createTestApi({ database: test.database });
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/api/v1/bills/export',
      headers: bearer('auditor'),
      payload: { where: {} },
    });
    assert.equal(statusCode, 400);
    assert.deepEqual(await records(), []);
  });
});
