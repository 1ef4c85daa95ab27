import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Database } from '../../src/db/database.ts';
import type { Statement } from '../../src/db/statement.ts';
import { createHeartbeat } from '../../src/dispatcher/heartbeat.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { emptyTables, newDispatcherId } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function lastBeat() {
  return askValue<string | null>(db.database, 'select max(heartbeat_at)::text from dispatcher');
}
function create(facts: Partial<Parameters<typeof createHeartbeat>[0]> = {}) {
  return createHeartbeat({
    database: db.database,
    id: newDispatcherId(),
    name: 'host:1',
    claimTtlMs: 300_000,
    log: silentLog,
    ...facts,
  });
}

describe('the heartbeat', () => {
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

  it('beats until it is stopped, and no longer', async () => {
    const heartbeat = create({ claimTtlMs: 25 });
    await heartbeat.start();
    const first = await lastBeat();
    for (let later = first; later === first; ) later = await lastBeat();
    await heartbeat.stop();
    const last = await lastBeat();
    await ask(db.database, 'select pg_sleep(0.03)');
    assert.equal(await lastBeat(), last);
  });

  it('continues after one that failed, and logs it', async () => {
    const captured = captureLog();
    let tries = 0;
    const failing: Database = {
      ...db.database,
      query: (statement, values) =>
        ++tries === 1 ? Promise.reject(new Error('away')) : db.database.query(statement, values),
    };
    const heartbeat = create({ database: failing, claimTtlMs: 25, log: captured.log });
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

  it('lets nobody be judged until it has been steady, and again after a gap', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    let beaten = Promise.withResolvers<void>();
    let isAway = false;
    const database: Database = {
      ...db.database,
      query: async <Row extends unknown[]>(): Promise<Row[]> => {
        beaten.resolve();
        if (isAway) throw new Error('away');
        return [];
      },
    };
    const heartbeat = create({ database, claimTtlMs: 10_000 });
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 2_000) {
        now += 2_000;
        beaten = Promise.withResolvers<void>();
        t.mock.timers.tick(2_000);
        await beaten.promise;
        await new Promise(setImmediate);
      }
    };
    assert.equal(heartbeat.mayJudge(), false);
    await heartbeat.start();
    assert.equal(heartbeat.mayJudge(), false, 'its first beat is no steadiness');
    await pass(6_000);
    assert.equal(heartbeat.mayJudge(), true);
    isAway = true;
    await pass(6_000);
    assert.equal(heartbeat.mayJudge(), false, 'it is cut off itself');
    isAway = false;
    await pass(4_000);
    assert.equal(heartbeat.mayJudge(), false, 'others have had no chance to beat');
    await pass(10_000);
    assert.equal(heartbeat.mayJudge(), true);
    await heartbeat.stop();
  });
});
