import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

async function withSession<T>(settings: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = createDatabase({
    url: `${db.url}?${settings}`,
    poolSize: 1,
    log: silentLog,
    patienceMs: 2_000,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

describe('a server without a free connection', () => {
  it('is asked again until there is one, and is named so', async () => {
    const role = `billcast_limited_${randomUUID().slice(0, 8)}`;
    await ask(db.database, `create role ${role} login password 'secret' connection limit 1`);
    const url = new URL(db.url);
    url.username = role;
    url.password = 'secret';
    const { log, line, warnings } = captureLog();
    const options = { url: url.href, poolSize: 1, log, patienceMs: 20_000 };
    const [first, second] = [createDatabase(options), createDatabase(options)];
    assert.equal(await askValue(first, 'select 1'), 1);
    const asking = second.query({ name: 'test-one', text: 'select 1' });
    await line('server has no connection or room left, trying again');
    await first.close();
    assert.deepEqual(await asking, [[1]]);
    assert.ok(!warnings().includes('server unreachable, retrying'));
    await second.close();
    await ask(db.database, `drop role ${role}`);
  });
});

describe('a session', () => {
  it("keeps the URL's options beside ours, and ours if the database has other defaults", async () => {
    const name = await askValue<string>(db.database, 'select current_database()');
    await ask(db.database, `alter database ${name} set synchronous_commit = off`);
    await ask(db.database, `alter database ${name} set datestyle = 'German'`);
    try {
      const settings = `options=${encodeURIComponent('-c search_path=billing -c synchronous_commit=off')}`;
      const seen = await withSession(settings, (database) =>
        ask(
          database,
          `select current_setting('search_path'), current_setting('synchronous_commit'), date '2026-11-01'::text`,
        ),
      );
      assert.deepEqual(seen, [['billing', 'on', '2026-11-01']]);
    } finally {
      await ask(db.database, `alter database ${name} reset all`);
    }
  });

  it('that does not keep our statements by name works without names', async () => {
    const { log, lines } = captureLog();
    const database = createDatabase({ url: db.url, poolSize: 1, log, patienceMs: 2_000 });
    const one = { name: 'test-one', text: 'select 1' };
    assert.deepEqual(await database.query(one), [[1]]);
    // As a pooler does that hands us another session without saying so.
    await ask(database, 'deallocate all');
    assert.deepEqual(await database.query(one), [[1]]);
    assert.equal(await askValue(database, 'select count(*)::int from pg_prepared_statements'), 0);
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ['a pooler stands before the server, going on without session state'],
    );
    await database.close();
  });
});
