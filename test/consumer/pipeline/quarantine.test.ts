import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quarantinePoison } from '../../../src/consumer/pipeline/quarantine.ts';
import type { Database } from '../../../src/db/database.ts';
import { ask } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { newBillId } from '../../support/notifications.ts';
import { poisonRecord, recordOf } from '../../support/records.ts';
import { createTestPipeline, type TestPipeline } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

/** A lane that has taken this many records for a batch. */
function laneFor({ EMAIL }: TestPipeline['lanes'], records: number) {
  EMAIL.claimed.tryTake(records);
  return EMAIL;
}

describe('setting poison aside', () => {
  it('keeps what cannot be read, lets its offset pass, and gives the rest on', async () => {
    const captured = captureLog();
    const { deps, lanes } = await createTestPipeline(db.database, { log: captured.log });
    const poison = [poisonRecord('EVENT_NOT_JSON'), poisonRecord('EVENT_TOO_LARGE')];
    const event = recordOf(newBillId());
    assert.deepEqual(await quarantinePoison(deps, laneFor(lanes, 3), [...poison, event]), [event]);
    const rows = await ask(
      db.database,
      'select "offset"::text, reason, key, value from poison_record order by poison_record."offset"',
    );
    assert.deepEqual(
      rows,
      poison.map((record) => [
        record.offset,
        record.event.kind === 'poison' && record.event.reason,
        Buffer.from(`key-${record.offset}`),
        Buffer.from(`value-${record.offset}`),
      ]),
    );
    assert.deepEqual(
      [...poison, event].map((record) => record.doneTimes()),
      [1, 1, 0],
    );
    deps.throttledLog.flush();
    assert.deepEqual(
      captured.lines.map(({ level, offset }) => [level, offset]),
      poison.map(({ offset }) => [40, offset]),
    );
    assert.equal(JSON.stringify(captured.lines).includes('value-'), false, 'no byte of a record is logged');
  });

  it('keeps many large records in pieces, each statement bounded by bytes', async () => {
    const { deps, lanes } = await createTestPipeline(db.database);
    const statements: number[] = [];
    const query: Database['query'] = (statement, values) => {
      if (statement.name === 'keep-poison') {
        statements.push(Array.isArray(values?.[2]) ? values[2].length : 1);
      }
      return db.database.query(statement, values);
    };
    const poison = Array.from({ length: 10 }, () => poisonRecord('EVENT_TOO_LARGE', 1_500_000));
    await quarantinePoison({ ...deps, database: { ...db.database, query } }, laneFor(lanes, 10), poison);
    assert.equal(statements.length, 5);
    assert.deepEqual(
      poison.map((record) => record.doneTimes()),
      poison.map(() => 1),
    );
  });

  it('keeps a record without its bytes if the database refuses them, and says so', async (t) => {
    const captured = captureLog();
    const { deps, lanes } = await createTestPipeline(db.database, { log: captured.log });
    await ask(
      db.database,
      'alter table poison_record add constraint no_bytes check (value is null) not valid',
    );
    t.after(() => ask(db.database, 'alter table poison_record drop constraint no_bytes'));
    const record = poisonRecord('EVENT_TOO_LARGE', 77);
    await quarantinePoison(deps, laneFor(lanes, 1), [record]);
    assert.equal(record.doneTimes(), 1);
    const rows = await ask(
      db.database,
      'select reason, key, value, missing_bytes::int from poison_record where "offset" = $1',
      [record.offset],
    );
    assert.deepEqual(rows, [['EVENT_TOO_LARGE', null, null, 77]]);
    deps.throttledLog.flush();
    const [line] = captured.lines.filter(({ msg }) =>
      String(msg).startsWith('record is kept without its bytes'),
    );
    assert.equal(line?.code, '23514');
  });

  it('lets no offset pass of what it could not keep', async () => {
    const { deps, lanes } = await createTestPipeline(db.database);
    const failing = {
      ...deps,
      database: { ...db.database, query: () => Promise.reject(new Error('full')) },
    };
    const record = poisonRecord();
    await assert.rejects(quarantinePoison(failing, laneFor(lanes, 1), [record]), /full/);
    assert.equal(record.doneTimes(), 0);
  });

  it('asks the database nothing if there is no poison', async () => {
    const { deps, lanes } = await createTestPipeline(db.database);
    const failing = {
      ...deps,
      database: { ...db.database, query: () => Promise.reject(new Error('asked')) },
    };
    assert.deepEqual(await quarantinePoison(failing, laneFor(lanes, 0), []), []);
  });
});
