import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPublishEndpoint } from '../../../../tools/bench/publish/publishEndpoint.ts';
import { ask, askValue } from '../../../support/ask.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const db = useTestDatabase();

async function publish(body: unknown): Promise<{ status: number; published: unknown }> {
  const endpoint = await createPublishEndpoint(db.database);
  const response = await endpoint.inject({
    method: 'POST',
    url: '/api/v1/publish',
    payload: JSON.stringify(body),
    headers: json,
  });
  await endpoint.close();
  return { status: response.statusCode, published: response.json().published };
}

const json = { 'content-type': 'application/json' };

function owed() {
  return askValue<number>(
    db.database,
    `select count(*)::int from bill_notification where publish_status = 'PENDING' and publish_seq = 1`,
  );
}

describe('POST /api/v1/publish', () => {
  it('releases the named bills, and none of them the second time', async () => {
    await ask(
      db.database,
      'insert into bill_notification (bill_id, member_id) select id, 7 from generate_series(1, 5) id',
    );
    const billIds = [1, 2, '3', 99];
    assert.deepEqual(await publish({ billIds }), { status: 200, published: 3 });
    assert.equal(await owed(), 3);
    assert.deepEqual(await publish({ billIds }), { status: 200, published: 0 });
    assert.equal(await owed(), 3);
  });

  it('releases the bills of a month', async () => {
    assert.deepEqual(await publish({ month: '1999-01' }), { status: 200, published: 0 });
    await ask(
      db.database,
      `insert into bill select 4, 7, '2026-11-01', 0, 0, 0, 0, 0, 0, 0, null, now(), '', '', ''`,
    );
    assert.deepEqual(await publish({ month: '2026-11' }), { status: 200, published: 1 });
    assert.equal(await owed(), 4);
  });

  it('refuses what names no bills', async () => {
    for (const body of [{}, { month: '2026-13' }, { billIds: [] }, { billIds: [0] }]) {
      assert.equal((await publish(body)).status, 400);
    }
  });
});
