import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, askValue, inTransaction } from '../support/ask.ts';
import { type PgBouncer, skipPgBouncer, startPgBouncer } from '../support/pgBouncer.ts';
import {
  createTestSystem,
  type DispatcherProcess,
  isFinished,
  type TestSystem,
} from '../support/testSystem.ts';

/** Whole dispatchers on servers as companies have them. */

const bills = 200;
let published = 0;
let system: TestSystem;
before(async () => {
  system = await createTestSystem();
});
after(() => system.destroy());

async function publish(): Promise<void> {
  await system.publish(bills);
  published += bills;
}

async function assertAllOut(dispatcher: DispatcherProcess): Promise<void> {
  await system.until('all bills are out', (states) => states.total === published && isFinished(states));
  assert.equal(await dispatcher.stop(), 0, dispatcher.output());
  const verdict = await system.verdict();
  assert.deepEqual([verdict.lost, verdict.duplicated, verdict.inDoubt], [0, 0, 0]);
}

describe('a dispatcher', () => {
  it('continues while its statements are cancelled in a loop, and has nothing in doubt', async () => {
    const dispatcher = await system.startDispatcher();
    await publish();
    let cancelled = 0;
    for (const until = performance.now() + 5_000; performance.now() < until; ) {
      cancelled += await askValue<number>(
        system.database,
        `select count(pg_cancel_backend(pid))::int from pg_stat_activity
         where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
      );
    }
    assert.ok(cancelled > 0);
    await assertAllOut(dispatcher);
    assert.match(dispatcher.output(), /statement was cancelled, trying again/);
    assert.doesNotMatch(dispatcher.output(), /transaction is aborted/);
    assert.doesNotMatch(dispatcher.output(), /server unreachable/);
  });

  it('with a statement_timeout of 1 s continues while tables and rows are locked', async () => {
    const name = await askValue<string>(system.database, 'select current_database()');
    await ask(system.database, `alter database ${name} set statement_timeout = '1s'`);
    try {
      const dispatcher = await system.startDispatcher();
      await inTransaction(system.database, async (connection) => {
        await publish();
        await connection.run('lock table bill_notification in share mode');
        await dispatcher.said('statement was cancelled, trying again');
        await sleep(2_500);
      });
      await assertAllOut(dispatcher);
      assert.doesNotMatch(dispatcher.output(), /server unreachable/);
    } finally {
      await ask(system.database, `alter database ${name} reset statement_timeout`);
    }
  });
});

describe('a dispatcher behind PgBouncer in transaction mode', { skip: skipPgBouncer }, () => {
  let bouncer: PgBouncer;
  after(() => bouncer?.stop());

  it('sends, relays and sweeps', async () => {
    bouncer = await startPgBouncer(system.config.database.url ?? '');
    const dispatcher = await system.startDispatcher({ DATABASE_URL: bouncer.url });
    await dispatcher.said('a pooler stands before the server');
    await publish();
    await system.until('a sweep has ended', async () => {
      const states = await ask<[string]>(
        system.database,
        `select state::text from pgboss.job where name = 'billcast-sweep'`,
      );
      return states.flat().includes('completed');
    });
    await assertAllOut(dispatcher);
    assert.doesNotMatch(dispatcher.output(), /"level":(50|60)|ERROR|FATAL/);
  });
});
