import assert from 'node:assert/strict';
import { chmod, chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clearDatabaseError } from '../../src/db/clearError.ts';
import { createDatabase } from '../../src/db/database.ts';
import { ask } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { certificatePath } from '../support/certificates.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/ownPostgres.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

/** A server with TLS, and one without: the tests' own. */

const plain = useTestDatabase();
let server: OwnPostgres;
before(async () => {
  server = await startOwnPostgres();
  const cluster = join(server.folder, 'postgres', 'cluster');
  const { uid, gid } = await stat(cluster);
  for (const [from, to] of [
    ['server.pem', 'server.crt'],
    ['server.key', 'server.key'],
    ['ca.pem', 'root.crt'],
  ] as const) {
    await copyFile(certificatePath(from), join(cluster, to));
    await chown(join(cluster, to), uid, gid);
    await chmod(join(cluster, to), 0o600);
  }
  await server.configure({ ssl: 'on', ssl_ca_file: 'root.crt' });
});
after(() => server?.stop());

const query = `sslrootcert=${certificatePath('ca.pem')}`;

/** Whether the session is encrypted. An error is passed on. */
async function isEncrypted(url: string, settings: string): Promise<boolean> {
  const database = createDatabase({
    url: `${url}?${settings}`,
    poolSize: 1,
    log: silentLog,
    patienceMs: 2_000,
  });
  try {
    const rows = await database.query<[boolean]>({
      name: 'test-ssl',
      text: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    });
    return rows[0]?.[0] ?? false;
  } finally {
    await database.close();
  }
}
function byName(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}

describe('a server with TLS', () => {
  it('is spoken to in the clear if nothing is said', async () =>
    assert.equal(await isEncrypted(server.url, ''), false));

  for (const settings of [
    'sslmode=require',
    'sslmode=prefer',
    `sslmode=verify-ca&${query}`,
    `sslmode=verify-full&${query}`,
    query,
  ]) {
    it(`is spoken to by TLS with ${settings.replace(query, 'sslrootcert')}`, async () =>
      assert.equal(await isEncrypted(byName(server.url), settings), true));
  }

  it('whose CA is not known is refused in one sentence that says what to do', async () => {
    const error = await isEncrypted(server.url, 'sslmode=verify-full').catch((thrown: unknown) => thrown);
    assert.match(clearDatabaseError(error)?.message ?? String(error), /sslrootcert=FILE.*sslmode=require/);
  });

  it('that wants a certificate of ours gets it', async () => {
    const file = join(server.folder, 'postgres', 'cluster', 'pg_hba.conf');
    const rules = await readFile(file, 'utf8');
    await writeFile(file, `hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n${rules}`);
    await ask(server.database, 'select pg_reload_conf()');
    const client = `sslcert=${certificatePath('client.pem')}&sslkey=${certificatePath('client.key')}`;
    await assert.rejects(isEncrypted(server.url, 'sslmode=require'));
    assert.equal(await isEncrypted(server.url, `sslmode=require&${client}`), true);
    await writeFile(file, rules);
    await ask(server.database, 'select pg_reload_conf()');
  });
});

describe('a server without TLS', () => {
  it('is spoken to in the clear with prefer', async () =>
    assert.equal(await isEncrypted(plain.url, 'sslmode=prefer'), false));

  it('is refused with require, in one sentence', async () => {
    const error = await isEncrypted(plain.url, 'sslmode=require').catch((thrown: unknown) => thrown);
    assert.match(clearDatabaseError(error)?.message ?? String(error), /does not speak TLS/);
  });
});
