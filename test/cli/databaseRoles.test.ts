import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../src/lib/projectDir.ts';
import { ask, askValue } from '../support/ask.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { createTestSystem, isFinished, type TestSystem } from '../support/testSystem.ts';

/**
 * As a bank's database administrator wants it, one role owns the tables and migrates, one runs, one reads.
 */

let system: TestSystem;
let billId: string;
const suffix = randomUUID().slice(0, 8);
const roles = { run: `billcast_run_${suffix}`, read: `Billcast read ${suffix}` };

before(async () => {
  system = await createTestSystem();
  await system.publish(20);
  billId = await askValue(system.database, 'select min(bill_id)::text from bill_notification');
  for (const role of Object.values(roles)) {
    await ask(system.database, `create role "${role}" login password 'secret'`);
  }
  const { stdout } = await billcast(['migrate', '--grant-run', roles.run, '--grant-read', roles.read]);
  assert.match(stdout, /already up to date\n.*may run\n.*may read\n/);
});
after(async () => {
  await ask(system.database, `drop owned by "${roles.run}", "${roles.read}"`);
  await ask(system.database, `drop role "${roles.run}"`);
  await ask(system.database, `drop role "${roles.read}"`);
  await system.destroy();
});

function urlAs(role: string): string {
  const url = new URL(system.config.database.url ?? '');
  url.username = encodeURIComponent(role);
  url.password = 'secret';
  return url.href;
}

function billcast(args: readonly string[], settings: Record<string, string> = {}) {
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli/billcast.ts'), ...args], {
    cwd: system.config.dataDir,
    env: { ...bareEnvironment, ...system.environment, ...settings },
  });
}

describe('a role that is not there', () => {
  it('is named in one sentence', async () => {
    const failed = await billcast(['migrate', '--grant-run', 'nobody_here']).catch((error: unknown) => error);
    assert.match(String(Reflect.get(Object(failed), 'stderr')), /there is no role nobody_here: create role/);
  });
});

describe('a role without the right to change the schema', () => {
  it('runs a dispatcher with its relay and its sweeper', async () => {
    const dispatcher = await system.startDispatcher({ DATABASE_URL: urlAs(roles.run) });
    await system.until('all bills are out', isFinished);
    const swept = () =>
      ask<[string]>(system.database, `select state::text from pgboss.job where name = 'billcast-sweep'`);
    while (!(await swept()).flat().includes('completed'));
    assert.equal(await dispatcher.stop(), 0);
    assert.doesNotMatch(dispatcher.output(), /42501|permission denied/);
  });

  it('may not migrate, which one sentence says', async () => {
    await ask(system.database, `delete from schema_migration where name = '003_cycle_age'`);
    const failed = await billcast(['migrate'], { DATABASE_URL: urlAs(roles.run) }).catch(
      (error: unknown) => error,
    );
    assert.match(String(Reflect.get(Object(failed), 'stderr')), /MIGRATION_FAILED|lacks a right/);
    await ask(system.database, `insert into schema_migration (name) values ('003_cycle_age')`);
  });
});

describe('a role that may only read', () => {
  for (const verb of ['status', 'explain', 'verify']) {
    it(`may ask ${verb}, on a read-only server too`, async () => {
      await ask(system.database, `alter role "${roles.read}" set default_transaction_read_only = on`);
      const { stdout } = await billcast([verb, ...(verb === 'explain' ? [billId] : []), '--json'], {
        DATABASE_URL: urlAs(roles.read),
      });
      assert.ok(Object.keys(JSON.parse(stdout)).length > 3, stdout);
    });
  }

  it('sees nothing that is sealed', async () => {
    const failed = await billcast(['preview', billId], { DATABASE_URL: urlAs(roles.read) }).catch(
      (error: unknown) => error,
    );
    assert.match(String(Reflect.get(Object(failed), 'stderr')), /lacks a right/);
  });

  it('cannot pause, and one sentence says that the server is read-only', async () => {
    const failed = await billcast(['pause', '--reason', 'x'], { DATABASE_URL: urlAs(roles.read) }).catch(
      (error: unknown) => error,
    );
    const said = String(Reflect.get(Object(failed), 'stderr'));
    assert.match(said, /read-only here, a standby/);
    assert.doesNotMatch(said, /node_modules/);
  });
});
