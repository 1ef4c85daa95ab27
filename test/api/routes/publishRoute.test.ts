import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { beginApiRequest, dropApiRequest } from '../../../src/db/apiRequests.ts';
import { billIdOf, emptyTables, insertNotification, standingOf } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

async function publisher() {
  const app = await createTestApi({ database: test.database });
  return (payload: object, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/publish',
      headers: { ...bearer('operator'), ...headers },
      payload,
    });
}

async function hold(...billIds: number[]): Promise<void> {
  for (const id of billIds) {
    await insertNotification(test.database, { billId: billIdOf(id), publishStatus: 'HELD', publishSeq: 0 });
  }
}

describe('POST /api/v1/publish', () => {
  it('releases a month, and counts each bill once', async () => {
    await hold(1, 2, 3);
    await insertBill(test.database, { billId: billIdOf(1), month: '2026-11-01' });
    await insertBill(test.database, { billId: billIdOf(2), month: '2026-11-01' });
    await insertBill(test.database, { billId: billIdOf(3), month: '2026-10-01' });
    const publish = await publisher();
    const first = (await publish({ month: '2026-11' })).json();
    assert.deepEqual(first, { published: 2, notBefore: null, dispatchers: 0, paused: false });
    assert.equal((await publish({ month: '2026-11' })).json().published, 0);
    assert.equal((await standingOf(test.database, billIdOf(3))).publishStatus, 'HELD');
  });

  it('releases bills by their ids, not before a time', async () => {
    await hold(4, 5, 6);
    const publish = await publisher();
    const answer = (await publish({ billIds: [4, '5', 99], notBefore: '2099-01-01T09:00:00+09:00' })).json();
    assert.deepEqual([answer.published, answer.notBefore], [2, '2099-01-01T00:00:00.000Z']);
    assert.equal((await publish({ all: true })).json().published, 1);
  });

  it('refuses a time whose year has more than four digits: no page could show it', async () => {
    await hold(9);
    const publish = await publisher();
    for (const notBefore of ['9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00Z']) {
      assert.equal((await publish({ all: true, notBefore })).statusCode, 400, notBefore);
    }
    assert.equal((await standingOf(test.database, billIdOf(9))).publishStatus, 'HELD');
  });

  it('gives the first answer again to the same key, and refuses another request under it', async () => {
    await hold(7, 8);
    const publish = await publisher();
    const key = { 'idempotency-key': 'november-1' };
    assert.equal((await publish({ billIds: [7] }, key)).json().published, 1);
    const again = await publish({ billIds: [7] }, key);
    assert.deepEqual([again.json().published, again.headers['idempotent-replayed']], [1, 'true']);
    const other = await publish({ billIds: [8] }, key);
    assert.deepEqual([other.statusCode, other.json().code], [422, 'IDEMPOTENCY_KEY_REUSED']);
    assert.equal((await standingOf(test.database, billIdOf(8))).publishStatus, 'HELD');
  });

  it('refuses a second request while the first one runs', async () => {
    await hold(9);
    const publish = await publisher();
    const body = { billIds: [9] };
    const running = { principal: 'operator-token', key: 'twice-at-once', owner: randomUUID() };
    const fingerprint = createHash('sha256')
      .update(JSON.stringify(['POST', '/api/v1/publish', body]))
      .digest();
    await beginApiRequest(test.database, running, { fingerprint, lockMs: 60_000, keepMs: 60_000 });
    const second = await publish(body, { 'idempotency-key': running.key });
    assert.deepEqual([second.statusCode, second.json().code], [409, 'IDEMPOTENCY_KEY_BUSY']);
    assert.equal(second.headers['retry-after'], '1');
    assert.equal((await standingOf(test.database, billIdOf(9))).publishStatus, 'HELD');
    await dropApiRequest(test.database, running);
    assert.equal((await publish(body, { 'idempotency-key': running.key })).json().published, 1);
  });

  it('refuses a request without bills, and months and ids that are none', async () => {
    const publish = await publisher();
    const bodies = [
      {},
      { month: '2026-13' },
      { billIds: [] },
      { billIds: ['1; drop table bill'] },
      { all: false },
    ];
    for (const body of [...bodies, { billIds: [1.5] }, { month: '2026-11', notBefore: 'soon' }]) {
      const answer = await publish(body);
      assert.deepEqual(
        [answer.statusCode, answer.json().code],
        [400, 'REQUEST_INVALID'],
        JSON.stringify(body),
      );
    }
  });
});
