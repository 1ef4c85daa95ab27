import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { checkSchema, readSchemaState } from '../../src/db/schemaState.ts';
import { ask, askValue, inTransaction } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

/** Migrations of a test's own, beside dispatchers that hold locks, and after failures. */

const db = useTestDatabase();
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'billcast-migrations-'));
});
after(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await ask(db.database, 'drop table if exists busy cascade; create table busy (id bigint)');
  await ask(db.database, `delete from schema_migration where name like '9%'`);
});

async function write(name: string, sql: string): Promise<void> {
  await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'billcast-migrations-'));
  await writeFile(join(folder, `${name}.sql`), sql);
}

describe('a migration', () => {
  it('that has to wait for a lock gives way to those behind it, and tries again', async () => {
    await write('901_add', 'alter table busy add column note text');
    const waits: string[] = [];
    const migrating = await inTransaction(db.database, async (connection) => {
      await connection.run('select count(*) from busy');
      const waited = Promise.withResolvers<void>();
      const onWait = (line: string): void => {
        waits.push(line);
        waited.resolve();
      };
      const migrating = migrate(db.database, { folder, lockTimeoutMs: 100, onWait });
      await waited.promise;
      // Nobody queues behind it: this would wait for as long as the lock is asked for.
      await ask(db.database, 'insert into busy values (1)');
      return { migrating };
    });
    assert.deepEqual(await migrating.migrating, ['901_add']);
    assert.match(waits[0] ?? '', /901_add waits for a table that others have locked/);
    assert.deepEqual(await migrate(db.database, { folder }), []);
  });

  it('is not ended by a time limit of its role', async () => {
    await write('902_slow', 'select pg_sleep(0.5)');
    const hurried = createDatabase({
      url: `${db.url}?options=-c%20statement_timeout%3D200`,
      poolSize: 2,
      log: silentLog,
      patienceMs: 0,
    });
    assert.deepEqual(await migrate(hurried, { folder }), ['902_slow']);
    await hurried.close();
  });

  it('builds an index beside writers, and drops what an earlier try left invalid', async () => {
    await ask(db.database, 'insert into busy values (1), (1)');
    await write(
      '903_index',
      '-- outside a transaction\ncreate unique index concurrently if not exists busy_id on busy (id);\n',
    );
    await assert.rejects(migrate(db.database, { folder }), {
      code: 'MIGRATION_FAILED',
      message: /903_index.*could not create unique index/,
    });
    const validity = () =>
      ask(db.database, `select indisvalid from pg_index where indexrelid = to_regclass('busy_id')`);
    assert.deepEqual(await validity(), [[false]]);
    await ask(db.database, 'delete from busy where ctid = (select min(ctid) from busy)');
    assert.deepEqual(await migrate(db.database, { folder }), ['903_index']);
    assert.deepEqual(await validity(), [[true]]);
    assert.equal(await askValue(db.database, `select current_setting('statement_timeout')`), '0');
  });
});

describe('a schema', () => {
  it('that is up to date will do', async () => {
    assert.deepEqual(await readSchemaState(db.database), { missing: [], newer: [], incompatible: [] });
    await checkSchema(db.database);
  });

  it('of a newer billcast will do, unless it says that it does not', async () => {
    await write('998_more', '-- Adds something.\ncreate table if not exists more ()');
    await migrate(db.database, { folder });
    assert.deepEqual((await readSchemaState(db.database)).newer, ['998_more']);
    await checkSchema(db.database);
    await write('999_less', '-- Takes something away.\n-- incompatible\ndrop table more');
    await migrate(db.database, { folder });
    await assert.rejects(checkSchema(db.database), {
      code: 'SCHEMA_MISMATCH',
      message: /of a newer billcast, and 999_less forbids this one/,
    });
  });

  it('that lacks something names it, and what to run', async () => {
    await ask(db.database, `delete from schema_migration where name = '011_schema_versions'`);
    await assert.rejects(checkSchema(db.database), {
      code: 'SCHEMA_MISMATCH',
      message: /lacks 011_schema_versions: run `npx billcast migrate`/,
    });
    await ask(db.database, `insert into schema_migration (name) values ('011_schema_versions')`);
  });

  it('older than 011 is read all the same', async () => {
    await ask(db.database, 'alter table schema_migration drop column compatible');
    assert.deepEqual((await readSchemaState(db.database)).incompatible, []);
    await ask(
      db.database,
      'alter table schema_migration add column compatible boolean not null default true',
    );
  });
});
