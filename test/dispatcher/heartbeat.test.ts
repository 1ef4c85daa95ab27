import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Database, Statement } from '../../src/db/database.ts';
import { createHeartbeat } from '../../src/dispatcher/heartbeat.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { emptyTables, newDispatcherId } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const lastBeat = () => askValue<string | null>(db.database, 'select max(heartbeat_at)::text from dispatcher');
const create = (facts: Partial<Parameters<typeof createHeartbeat>[0]> = {}) =>
  createHeartbeat({
    ...{ database: db.database, id: newDispatcherId(), name: 'host:1', everyMs: 60_000, log: silentLog },
    ...facts,
  });

describe('the heartbeat', { timeout: 60_000 }, () => {
  it('is written by the time it has started', async () => {
    const id = newDispatcherId();
    let answered = false;
    const database: Database = {
      ...db.database,
      query: async <Row extends unknown[]>(statement: Statement, values?: unknown[]) => {
        const rows = await db.database.query<Row>(statement, values);
        answered = true;
        return rows;
      },
    };
    const heartbeat = create({ id, database });
    await heartbeat.start();
    const answeredInTime = answered;
    await heartbeat.stop();
    assert.ok(answeredInTime, 'nothing is to be claimed before');
    const rows = await ask(db.database, 'select id, name from dispatcher');
    assert.deepEqual(rows, [[id, 'host:1']]);
  });

  it('goes on until it is stopped, and no further', async () => {
    const heartbeat = create({ everyMs: 5 });
    await heartbeat.start();
    const first = await lastBeat();
    for (let later = first; later === first; ) later = await lastBeat();
    await heartbeat.stop();
    const last = await lastBeat();
    await ask(db.database, 'select pg_sleep(0.03)');
    assert.equal(await lastBeat(), last);
  });

  it('goes on after one that failed, and says so', async () => {
    const captured = captureLog();
    let tries = 0;
    const failing: Database = {
      ...db.database,
      query: (statement, values) =>
        ++tries === 1 ? Promise.reject(new Error('away')) : db.database.query(statement, values),
    };
    const heartbeat = create({ database: failing, everyMs: 5, log: captured.log });
    await heartbeat.start();
    for (let beat: string | null = null; beat === null; ) beat = await lastBeat();
    await heartbeat.stop();
    assert.deepEqual(captured.warnings(), ['heartbeat failed']);
  });

  it('may be stopped twice, and before it was started', async () => {
    const heartbeat = create();
    await heartbeat.stop();
    await heartbeat.stop();
    assert.equal(await lastBeat(), null);
  });
});
