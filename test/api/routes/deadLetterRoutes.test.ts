import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() =>
  test.database.execute(`
    truncate poison_record, access_record;
    insert into poison_record (topic, partition, "offset", recorded_at, reason, key, value, received_at)
    select 'bill.email', 0, n, '2026-11-01T00:00:00.123456Z', 'EVENT_NOT_JSON', '42', convert_to('<b>' || n, 'UTF8'),
      now() - n * interval '1 minute'
    from generate_series(1, 3) n`),
);

async function ask(role: 'viewer' | 'operator' | 'auditor', url: string, payload?: object) {
  const app = await createTestApi({ database: test.database });
  return app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: bearer(role),
    ...(payload !== undefined && { payload }),
  });
}

describe('the dead letters', () => {
  it('are listed without their bytes, the newest first, page by page', async () => {
    const first = (await ask('viewer', '/dead-letters?limit=2')).json();
    assert.deepEqual(
      first.items.map(({ offset, reason, valueBytes }: Record<string, unknown>) => [
        offset,
        reason,
        valueBytes,
      ]),
      [
        ['1', 'EVENT_NOT_JSON', 4],
        ['2', 'EVENT_NOT_JSON', 4],
      ],
    );
    assert.match(first.items[0].meaning, /not JSON/);
    const second = (await ask('viewer', `/dead-letters?limit=2&after=${first.next}`)).json();
    assert.deepEqual([second.items[0].offset, second.next], ['3', null]);
    assert.equal((await ask('viewer', '/dead-letters?after=x')).json().code, 'REQUEST_INVALID');
  });

  it('are opened by an operator, who leaves a record', async () => {
    const [{ id }] = (await ask('viewer', '/dead-letters')).json().items;
    const letter = (await ask('operator', `/dead-letters/${id}`)).json();
    assert.deepEqual([letter.key, letter.value, letter.source], ['42', '<b>1', 'table']);
    assert.equal((await ask('viewer', `/dead-letters/${id}`)).statusCode, 403);
    const records = (await ask('auditor', '/audit')).json().items;
    assert.deepEqual(
      records.map(({ what, result, reason }: Record<string, unknown>) => [what, result, reason]),
      [
        ['openDeadLetter', 'refused', null],
        ['openDeadLetter', 'done', id],
      ],
    );
    const missing = await ask('operator', `/dead-letters/${id.replace(':1:', ':9:')}`);
    assert.equal(missing.json().code, 'DEAD_LETTER_NOT_FOUND');
  });
});
