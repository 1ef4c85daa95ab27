import { execFile } from 'node:child_process';
import { appendFile, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { embeddedStatus, openEmbedded } from '../../src/embedded/embedded.ts';
import { eventually } from './eventually.ts';

/** A primary and its standby: two servers of a test's own, the second made from a copy of the first. */
export interface Pair {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** Both, the standby first. */
  readonly url: string;
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

const open = (dataDir: string) =>
  openEmbedded({ dataDir, needs: { kafka: false, postgres: true }, onProgress: () => undefined });

export const startPair = async (): Promise<Pair> => {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-pair-'));
  const [primaryDir, standbyDir] = [join(folder, 'primary'), join(folder, 'standby')];
  await (await open(primaryDir)).close();
  await promisify(execFile)('cp', ['-a', primaryDir, standbyDir]);
  await rm(join(standbyDir, 'postgres', 'port'));
  const primary = await open(primaryDir);
  const primaryUrl = primary.databaseUrl ?? '';
  await makeStandby(join(standbyDir, 'postgres', 'cluster'), new URL(primaryUrl));
  const standby = await open(standbyDir);
  const standbyUrl = standby.databaseUrl ?? '';
  return {
    ...{ primaryUrl, standbyUrl },
    url: primaryUrl.replace(/@([^/]+)\//, `@${new URL(standbyUrl).host},$1/`),
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
};

const makeStandby = async (cluster: string, { hostname, port, username, password }: URL): Promise<void> => {
  const { uid, gid } = await stat(cluster);
  await writeFile(join(cluster, 'standby.signal'), '');
  await chown(join(cluster, 'standby.signal'), uid, gid);
  await appendFile(
    join(cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n` +
      `wal_retrieve_retry_interval = 200\n`,
  );
};
