import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { isTransient } from '../../src/db/statementFault.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { createTcpProxy } from '../support/tcpProxy.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const one = { name: 'test-one', text: 'select 1' };
const away = 'server unreachable, retrying';

async function withDatabase<T>(
  options: Partial<Parameters<typeof createDatabase>[0]>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = createDatabase({
    url: db.url,
    poolSize: 2,
    log: silentLog,
    patienceMs: 20_000,
    ...options,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function proxied() {
  const url = new URL(db.url);
  const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

describe('query', () => {
  it('gives rows as arrays, and bigints exactly, as text', async () => {
    const rows = await db.database.query<[string, number]>(
      { name: 'test-columns', text: 'select $1::bigint, $2::int' },
      ['9223372036854775807', 5],
    );
    assert.deepEqual(rows, [['9223372036854775807', 5]]);
  });

  it('asks again when its connection is cut in mid-statement', async () => {
    await ask(db.database, 'create table tried (at timestamptz default clock_timestamp())');
    const waiting = { name: 'test-waiting', text: 'select pg_advisory_xact_lock(42) is null' };
    const { asking, killed } = await inTransaction(db.database, async (connection) => {
      await connection.run('select pg_advisory_xact_lock(42)');
      const asking = db.database.query<[boolean]>(waiting);
      const [killed] = await untilWaiting(db.database);
      await ask(db.database, 'select pg_terminate_backend($1)', [killed]);
      for (let pid = killed; pid === killed; ) [pid] = await untilWaiting(db.database);
      return { asking, killed };
    });
    assert.ok(killed);
    assert.deepEqual(await asking, [[false]]);
  });

  it('waits for a server that refuses connections, and says so in two lines', async () => {
    const { proxy, url } = await proxied();
    const captured = captureLog();
    try {
      await withDatabase({ url, log: captured.log }, async (database) => {
        const asking = database.query(one);
        await captured.line(away);
        await proxy.open();
        assert.deepEqual(await asking, [[1]]);
        await captured.line('server is back');
      });
      assert.equal(captured.lines.length, 2);
    } finally {
      await proxy.close();
    }
  });

  it("gives up with the server's error after its patience", async () => {
    const { url } = await proxied();
    const began = performance.now();
    await withDatabase({ url, patienceMs: 400 }, (database) =>
      assert.rejects(database.query(one), { code: 'ECONNREFUSED' }),
    );
    const took = performance.now() - began;
    assert.ok(took >= 400 && took < 5_000, String(took));
  });

  it('does not ask again what can never succeed', async () => {
    const captured = captureLog();
    await withDatabase({ log: captured.log }, (database) =>
      assert.rejects(database.query({ name: 'test-wrong', text: 'select nothing' }), { code: '42703' }),
    );
    assert.deepEqual(captured.lines, []);
  });

  it('gives up a statement that takes too long, and asks it again on another connection', async () => {
    const slow = {
      name: 'test-slow',
      text: `select pg_advisory_xact_lock_shared(43) is null, pg_backend_pid()`,
    };
    const captured = captureLog();
    await withDatabase({ statementTimeoutMs: 200, log: captured.log }, async (database) => {
      const asking = await inTransaction(db.database, async (connection) => {
        await connection.run('select pg_advisory_xact_lock(43)');
        const asking = database.query(slow);
        await captured.line('server did not answer in time, trying again on another connection');
        return { asking };
      });
      assert.equal((await asking.asking).length, 1);
    });
  });

  it('that is being asked again ends when the database is closed', async () => {
    const { url } = await proxied();
    const captured = captureLog();
    const options = { url, log: captured.log, patienceMs: Number.POSITIVE_INFINITY };
    await withDatabase(options, async (database) => {
      const asking = assert.rejects(database.query(one));
      await captured.line(away);
      await database.close();
      await asking;
    });
  });
});

describe('withConnection', () => {
  it('lends one session for all of the work', async () => {
    const pids = await db.database.withConnection(async (connection) => [
      await connection.run('select pg_backend_pid()'),
      await connection.run('select pg_backend_pid()'),
    ]);
    assert.deepEqual(pids[0], pids[1]);
  });

  it('outlives a cut between two statements: the next one fails, and not the process', async () => {
    await withDatabase({ poolSize: 1 }, async (database) => {
      const cut = database.withConnection(async (connection) => {
        const [[pid] = []] = await connection.run('select pg_backend_pid()');
        // Not by `once` of node:events: it rejects on the client's error, which comes first, perhaps before
        // anybody waits.
        const closed = new Promise<void>((resolve) => connection.client.once('end', resolve));
        await ask(db.database, 'select pg_terminate_backend($1)', [pid]);
        await closed;
        await connection.run('select 1');
      });
      await assert.rejects(cut, isTransient);
      assert.deepEqual(await database.query(one), [[1]]);
    });
  });

  it('gives up the session of work that failed: nobody gets its open transaction', async () => {
    await withDatabase({ poolSize: 1 }, async (database) => {
      await ask(database, 'create table half (done int)');
      await assert.rejects(
        database.withConnection(async (connection) => {
          await connection.run('begin');
          await connection.run('insert into half values (1)');
          throw new Error('in between');
        }),
        /in between/,
      );
      assert.equal(await askValue(database, 'select count(*)::int from half'), 0);
    });
  });
});

describe('close', () => {
  it('may be called twice', async () => {
    await withDatabase({}, async (database) => {
      await database.query(one);
      await Promise.all([database.close(), database.close()]);
    });
  });

  it('is not disturbed by an idle connection that is cut', async () => {
    await withDatabase({}, async (database) => {
      const pid = await askValue<number>(database, 'select pg_backend_pid()');
      await ask(db.database, 'select pg_terminate_backend($1, 5000)', [pid]);
      assert.deepEqual(await database.query(one), [[1]]);
    });
  });
});
