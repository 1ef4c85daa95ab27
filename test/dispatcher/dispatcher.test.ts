import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask } from '../support/ask.ts';
import { OwnBroker } from '../support/ownBroker.ts';
import { createTcpProxy, type TcpProxy } from '../support/tcpProxy.ts';
import {
  createTestSystem,
  isFinished,
  type LaunchedProcess,
  type TestSystem,
} from '../support/testSystem.ts';

const away = 'server unreachable, retrying';
const back = 'server is back';

function times(text: string, { output }: LaunchedProcess): number {
  return output().split(text).length - 1;
}

/** Stops it by SIGTERM, too quickly for a wait for a server. */
async function assertStopsQuickly(dispatcher: LaunchedProcess): Promise<void> {
  const asked = performance.now();
  assert.equal(await dispatcher.stop(), 0, dispatcher.output());
  assert.ok(performance.now() - asked < 8_000, dispatcher.output());
}

async function assertSendsABill(system: TestSystem): Promise<void> {
  await system.publish(1);
  await system.until('the bill is out', (states) => states.total > 0 && isFinished(states));
}

/** Each half has its own database, and one of them its own broker. */
describe('a dispatcher that starts', { concurrency: 2 }, () => {
  describe('without PostgreSQL', { concurrency: 1 }, () => {
    let system: TestSystem;
    let proxy: TcpProxy;
    let proxied: { DATABASE_URL: string };
    before(async () => {
      system = await createTestSystem();
      const url = databaseUrl(system);
      proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
      url.host = `127.0.0.1:${proxy.port}`;
      proxied = { DATABASE_URL: url.href };
    });
    after(async () => {
      await proxy.close();
      await system.destroy();
    });

    it('ends cleanly on SIGTERM while it waits', async () => {
      const dispatcher = system.launchDispatcher(proxied);
      await dispatcher.said(away);
      await assertStopsQuickly(dispatcher);
    });

    it('starts by itself when it comes, and says both in a line each', async () => {
      const dispatcher = system.launchDispatcher(proxied);
      await dispatcher.said(away);
      await proxy.open();
      await dispatcher.ready();
      await assertSendsABill(system);
      await dispatcher.said(back);
      assert.equal(times(away, dispatcher), 1, dispatcher.output());
      assert.equal(await dispatcher.stop(), 0);
    });

    it('has kept what its message said, and what it was printed with', async () => {
      const kept = await ask(
        system.database,
        `select count(*)::int, count(e.id)::int
       from delivery_attempt a left join content_edition e on e.id = substring(a.content_hash from 1 for 8)
       where a.outcome = 'ACCEPTED'`,
      );
      assert.deepEqual(kept, [[1, 1]]);
    });

    it('outlives cut after cut of its connections', async () => {
      const dispatcher = system.launchDispatcher();
      await cut({ system, dispatcher }, 'billcast', 6);
      await dispatcher.ready();
      await assertSendsABill(system);
      assert.equal(await dispatcher.stop(), 0);
    });

    it('ends at once with what waiting cannot fix, in one sentence', async () => {
      const url = databaseUrl(system);
      url.password = 'wrong';
      const dispatcher = system.launchDispatcher({ DATABASE_URL: url.href });
      assert.equal(await dispatcher.ended(), 1);
      assert.match(dispatcher.output(), /check the user and the password .*\(password authentication failed/);
      assert.doesNotMatch(dispatcher.output(), /node_modules/);
      assert.equal(times(away, dispatcher), 0);
    });

    it('ends at once if the tables are missing, and says what to run', async () => {
      await ask(system.database, 'drop schema public cascade; create schema public');
      const dispatcher = system.launchDispatcher();
      assert.equal(await dispatcher.ended(), 1);
      assert.match(
        dispatcher.output(),
        /the database lacks 001_tables and \d+ more: run `npx billcast migrate`/,
      );
    });
  });

  describe('without Kafka', () => {
    it('waits for it, and may be stopped meanwhile', async (t) => {
      const broker = await OwnBroker.start();
      t.after(() => broker.remove());
      const system = await createTestSystem({ KAFKA_BROKERS: broker.address });
      await broker.kill();
      const [dispatcher, unwanted] = [system.launchDispatcher(), system.launchDispatcher()];
      await Promise.all([dispatcher.said(away), unwanted.said(away)]);
      await assertStopsQuickly(unwanted);
      await broker.restart();
      await dispatcher.ready();
      await assertSendsABill(system);
      await dispatcher.said(back);
      assert.equal(times(away, dispatcher), 1, dispatcher.output());
      assert.equal(await dispatcher.stop(), 0);
      await system.destroy();
    });
  });
});

function databaseUrl({ config }: TestSystem): URL {
  assert.ok(config.database.url !== undefined);
  return new URL(config.database.url);
}

/** Cuts this many connections of this name, each in the middle of a statement. */
async function cut(
  { system, dispatcher }: { system: TestSystem; dispatcher: LaunchedProcess },
  name: string,
  count: number,
): Promise<void> {
  const deadline = performance.now() + 120_000;
  const pids = new Set<number>();
  while (pids.size < count) {
    assert.ok(performance.now() < deadline, `${name}: ${pids.size} cut: ${dispatcher.output()}`);
    const rows = await ask<[number]>(
      system.database,
      `with busy as materialized (
         select pid from pg_stat_activity
         where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()
           and state <> 'idle')
       select pid from busy where pg_terminate_backend(pid)`,
      [name],
    );
    for (const [pid] of rows) pids.add(pid);
  }
}
