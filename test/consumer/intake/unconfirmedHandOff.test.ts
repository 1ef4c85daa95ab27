import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDatabase } from '../../../src/db/database.ts';
import { ask, askValue } from '../../support/ask.ts';
import { captureLog, silentLog } from '../../support/capturedLog.ts';
import { insertNotification, journalOf, readNotification } from '../../support/notifications.ts';
import { type OwnPostgres, startOwnPostgres } from '../../support/ownPostgres.ts';
import { recordOf } from '../../support/records.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';

/**
 * Fence 9 on a server that waits for a standby which never answers. A wait that is cancelled looks like
 * success, but after a fail-over nobody would know that the bill was handed off.
 */

let server: OwnPostgres;
before(async () => {
  server = await startOwnPostgres();
});
after(() => server?.stop());

/** Cancels all statements that wait for the standby, again and again until `isOver`. */
async function cancelWaits(isOver: () => boolean): Promise<number> {
  let cancelled = 0;
  while (!isOver()) {
    cancelled += await askValue<number>(
      server.database,
      `select count(pg_cancel_backend(pid))::int from pg_stat_activity where wait_event = 'SyncRep'`,
    );
  }
  return cancelled;
}

describe('a hand-off whose wait for the standby was cancelled', () => {
  it('sends nothing, and its bill waits its turn as not sent', async () => {
    const captured = captureLog();
    const provider = createFakeProvider();
    // The test's own statements must not wait.
    const quick = createDatabase({
      url: `${server.url}`,
      poolSize: 4,
      log: silentLog,
      patienceMs: 5_000,
      stoppedTries: 1,
    });
    const pipeline = await createTestPipeline(quick, { provider, log: captured.log });
    const { billId } = await insertNotification(server.database);
    await server.configure({ synchronous_standby_names: 'nobody' });
    const record = recordOf(billId);
    let isOver = false;
    const cancelling = cancelWaits(() => isOver);
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    isOver = true;
    assert.ok((await cancelling) > 0);
    await ask(server.database, `alter system reset synchronous_standby_names`);
    await ask(server.database, 'select pg_reload_conf()');
    await pipeline.stop();
    await quick.close();
    assert.deepEqual(provider.sent, []);
    const row = await readNotification(server.database, billId);
    assert.deepEqual([row.sendStatus, row.publishStatus], ['PENDING', 'PENDING']);
    const [attempt] = await journalOf(server.database, billId);
    assert.deepEqual([attempt?.outcome, attempt?.reason], ['NOT_SENT', 'HAND_OFF_UNCONFIRMED']);
    assert.ok(captured.warnings().includes('hand-off is not certain, nothing was sent'));
  });
});
