import { execFile } from 'node:child_process';
import { appendFile, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase } from '../../src/db/database.ts';
import { embeddedStatus, embeddedSuperuserUrl, openEmbedded } from '../../src/embedded/openEmbedded.ts';
import { askValue } from './ask.ts';
import { silentLog } from './capturedLog.ts';
import { eventually } from './eventually.ts';

/** A primary and its standby: two servers of a test's own, the second made from a copy of the first. */
export interface Pair {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  promoteStandby(): Promise<void>;
  /** Both, the standby first. */
  readonly url: string;
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

function open(dataDir: string) {
  return openEmbedded({ dataDir, needs: { kafka: false, postgres: true }, onProgress: () => undefined });
}

export async function startPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-pair-'));
  const [primaryDir, standbyDir] = [join(folder, 'primary'), join(folder, 'standby')];
  await (await open(primaryDir)).close();
  await promisify(execFile)('cp', ['-a', primaryDir, standbyDir]);
  await rm(join(standbyDir, 'postgres', 'port'));
  const primary = await open(primaryDir);
  const primaryUrl = primary.databaseUrl ?? '';
  const superuserUrl = await embeddedSuperuserUrl({ dataDir: primaryDir });
  await makeStandby(join(standbyDir, 'postgres', 'cluster'), new URL(superuserUrl));
  const standby = await open(standbyDir);
  const standbyUrl = standby.databaseUrl ?? '';
  await untilStreaming(superuserUrl);
  return {
    primaryUrl,
    standbyUrl,
    url: primaryUrl.replace(/@([^/]+)\//, `@${new URL(standbyUrl).host},$1/`),
    async promoteStandby() {
      const url = await embeddedSuperuserUrl({ dataDir: standbyDir });
      const database = createDatabase({
        url,
        poolSize: 1,
        log: silentLog,
        patienceMs: 20_000,
        target: 'any',
      });
      await askValue(database, 'select pg_promote()');
      await database.close();
    },
    async killPrimary() {
      const { postgres } = await embeddedStatus({ dataDir: primaryDir });
      process.kill(postgres.pid ?? 0, 'SIGKILL');
      await eventually(async () => !(await embeddedStatus({ dataDir: primaryDir })).postgres.running);
    },
    async stop() {
      await Promise.all([standby.close(), primary.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** On a busy machine the standby may need a while to find its primary. */
async function untilStreaming(url: string): Promise<void> {
  const primary = createDatabase({ url, poolSize: 1, log: silentLog, patienceMs: 20_000 });
  await eventually(
    async () =>
      (await askValue<number>(
        primary,
        `select count(*)::int from pg_stat_replication where state = 'streaming'`,
      )) > 0,
    60_000,
  );
  await primary.close();
}

async function makeStandby(cluster: string, { hostname, port, username, password }: URL): Promise<void> {
  const { uid, gid } = await stat(cluster);
  await writeFile(join(cluster, 'standby.signal'), '');
  await chown(join(cluster, 'standby.signal'), uid, gid);
  await appendFile(
    join(cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n` +
      `wal_retrieve_retry_interval = 200\n`,
  );
}
