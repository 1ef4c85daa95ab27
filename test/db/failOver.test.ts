import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createDatabase, type DatabaseOptions } from '../../src/db/database.ts';
import { createBoss, sweepQueues } from '../../src/db/jobQueue.ts';
import { updateSchema } from '../../src/db/schema.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { type Pair, startPair } from '../support/standby.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const shared = useTestDatabase();
function open(options: Partial<DatabaseOptions> & { url: string }) {
  return createDatabase({ poolSize: 2, log: silentLog, patienceMs: Number.POSITIVE_INFINITY, ...options });
}
const readOnly = { name: 'test-recovery', text: 'select pg_is_in_recovery()' };

describe('a primary and a standby', () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair();
    const database = open({ url: pair.primaryUrl, poolSize: 3 });
    await updateSchema(database);
    await database.close();
  });
  after(() => pair?.stop());

  it('in one URL: the primary is found behind the standby', async () => {
    const database = open({ url: pair.url });
    assert.deepEqual(await database.query(readOnly), [[false]]);
    await ask(database, 'create table found ()');
    await database.close();
  });

  it('with target_session_attrs=standby, or for who only reads: the standby will do', async () => {
    for (const options of [
      { url: `${pair.url}?target_session_attrs=standby` },
      { url: pair.url, target: 'any' },
      { url: pair.standbyUrl, target: 'any' },
    ] as const) {
      const database = open(options);
      assert.deepEqual(await database.query(readOnly), [[true]]);
      await database.close();
    }
  });

  it('of which only the standby is named: waited for, and said to be read-only and not away', async () => {
    const captured = captureLog();
    const database = open({ url: pair.standbyUrl, log: captured.log });
    const asking = database.query(readOnly).catch(() => undefined);
    const line = await captured.line('server is read-only, looking for the one that takes writes');
    assert.match(String(line.why), /standby/);
    await database.close();
    await asking;
  });

  it('after a fail-over: statements and the queue go on with the one that was promoted', async () => {
    const database = open({ url: pair.url, poolSize: 4 });
    const standby = open({ url: pair.standbyUrl, target: 'any' });
    const boss = createBoss(database);
    boss.on('error', () => undefined);
    try {
      await boss.start();
      await ask(database, 'create table survived (value int); insert into survived values (1)');
      const isThere = `select to_regclass('survived') is not null`;
      await eventually(async () => (await askValue<boolean>(standby, isThere)) === true, 60_000);
      await pair.killPrimary();
      const asking = database.query({
        name: 'test-insert',
        text: 'insert into survived values (2) returning value',
      });
      await pair.promoteStandby();
      assert.deepEqual(await asking, [[2]]);
      await eventually(async () => (await boss.send(sweepQueues[0], null).catch(() => null)) !== null);
    } finally {
      await boss.stop({ graceful: false });
      await Promise.all([database.close(), standby.close()]);
    }
  });
});

describe('a server that drops packets', () => {
  it('is given up after the limit, and the next host answers', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = new URL(shared.url);
    const both = url.href.replace(url.host, `127.0.0.1:${address.port},${url.host}`);
    const began = performance.now();
    const database = open({ url: `${both}?connect_timeout=1`, statementTimeoutMs: 1_000 });
    assert.deepEqual(await database.query(readOnly), [[false]]);
    assert.ok(performance.now() - began < 5_000);
    await database.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
