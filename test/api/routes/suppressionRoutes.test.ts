import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { revealBill } from '../../../src/operations/revealBill.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables } from '../../support/notifications.ts';
import { insertSealedBill, sealedBill } from '../../support/sealedBill.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();

beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute('truncate access_record');
  await insertSealedBill(test.database);
});

async function asker() {
  const app = await createTestApi({ database: test.database });
  return {
    get: async (url: string) => (await app.inject({ url: `/api/v1${url}`, headers: bearer('agent') })).json(),
    post: (url: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer('agent'), payload }),
  };
}

describe('the suppression list', () => {
  it('takes the present address of a bill, lists it without showing it, and lifts it', async () => {
    const { get, post } = await asker();
    const request = { billId: sealedBill.billId, channel: 'EMAIL', reason: 'she called' };
    const added = await post('/suppressions', request);
    assert.deepEqual(added.json(), { suppressed: 1, onTheList: 0, withoutAddress: 0 });
    assert.equal((await post('/suppressions', request)).json().onTheList, 1);
    const { items } = await get('/suppressions');
    assert.deepEqual(
      items.map(({ reason, memberId, billId, note }: Record<string, string>) => [
        reason,
        memberId,
        billId,
        note,
      ]),
      [['manual', sealedBill.memberId, sealedBill.billId, 'she called']],
    );
    assert.equal(JSON.stringify(items).includes('@'), false);
    const again = await post(`/suppressions/${items[0].id}/reactivate`, { reason: 'it works' });
    assert.deepEqual(again.json(), { changed: 1 });
    assert.deepEqual((await get('/suppressions')).items, []);
    assert.equal((await get('/suppressions?all=true')).items[0].reactivatedBy, 'person agent-token');
    assert.equal((await post('/suppressions', request)).json().suppressed, 1);
    const removed = await post(`/suppressions/${items[0].id}/remove`, { reason: 'wrong bill' });
    assert.deepEqual(removed.json(), { changed: 1 });
    assert.deepEqual((await get('/suppressions?all=true')).items, []);
  });

  it('is searched by an address, in whatever way it is written, and that is recorded', async () => {
    const { post } = await asker();
    await post('/suppressions', { billId: sealedBill.billId, channel: 'EMAIL', reason: 'she called' });
    const config = loadConfig({});
    const revealed = await revealBill({ config, database: test.database }, { billId: sealedBill.billId });
    const found = await post('/suppressions/search', { contact: revealed?.values.email?.toUpperCase() });
    assert.deepEqual(
      found.json().items.map(({ billId }: Record<string, string>) => billId),
      [sealedBill.billId],
    );
    assert.deepEqual(
      (await post('/suppressions/search', { contact: 'nobody@example.com' })).json().items,
      [],
    );
    assert.equal((await post('/suppressions/search', { contact: 'neither' })).statusCode, 400);
    const records = await ask<[string]>(
      test.database,
      `select what || ' ' || result from access_record where what = 'findContact'`,
    );
    assert.deepEqual(records.flat(), ['findContact done', 'findContact done', 'findContact done']);
  });

  it('says if there is no address or no bill', async () => {
    const { post } = await asker();
    const reason = 'she called';
    const unreadable = await post('/suppressions', { billId: sealedBill.billId, channel: 'SMS', reason });
    assert.deepEqual(unreadable.json(), { suppressed: 0, onTheList: 0, withoutAddress: 1 });
    const unknown = await post('/suppressions', { billId: '77', channel: 'SMS', reason });
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'BILL_NOT_FOUND']);
  });
});
