import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import {
  type DaemonFiles,
  findDaemon,
  launchDaemon,
  type ServerFacts,
  stopDaemon,
  tailOf,
  untilReady,
} from './daemon.ts';
import { keepPort, readPort } from './ports.ts';
import { type PostgresBinaries, postgresBinaries } from './postgresBinaries.ts';
import { prepareCluster, readPassword, readSuperuserPassword } from './postgresCluster.ts';
import { databaseUrl, type Passwords, probePostgres, superuserUrl } from './postgresProbe.ts';
import { postgresSettings, settingArgs } from './postgresSettings.ts';
import { type ServerUser, serverUser } from './serverUser.ts';

/*
 * <folder>/cluster     the database; it appears when initdb has succeeded
 * <folder>/password    the password of the user billcast, who owns the database
 * <folder>/superuser   the password of the user postgres
 * <folder>/pid, port, server.log
 */

/** Crash recovery may have to read the whole of max_wal_size. */
const readyDeadlineMs = 180_000;
const retryDeadlineMs = 20_000;

/**
 * Starts PostgreSQL unless it is running. Returns its address when it answers a query. The caller holds the
 * lock.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function startPostgres(folder: string, onProgress: (line: string) => void): Promise<string> {
  const found = await readyPostgres(folder);
  if (found !== undefined) return found.url;
  const startedAt = performance.now();
  const binaries = postgresBinaries();
  await mkdir(folder, { recursive: true });
  const user = await serverUser({ folder, paths: [folder, binaries.postgres], onProgress });
  await prepareCluster({ folder, binaries, user, onProgress });
  const { url, version, port } = await launch(folder, binaries, user);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  onProgress(`PostgreSQL ${version} is ready on 127.0.0.1:${port} after ${seconds} s.`);
  return url;
}

/** Stops PostgreSQL by a fast shutdown if it is running. Returns when it is gone. */
export function stopPostgres(folder: string): Promise<void> {
  return stopDaemon(filesIn(folder), [
    { signal: 'SIGINT', waitMs: 120_000 },
    { signal: 'SIGQUIT', waitMs: 20_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
}

/** Whether PostgreSQL is running, and where. */
export async function postgresFacts(folder: string): Promise<ServerFacts> {
  const pid = await findDaemon(filesIn(folder));
  const port = await readPort(join(folder, 'port'));
  if (pid === undefined || port === undefined) return { running: false };
  const version = await probePostgres(port, await readPasswords(folder));
  return { running: true, pid, port, ...(version === undefined ? {} : { version }) };
}

/**
 * The address of the database for the superuser; billcast itself never uses it.
 * @throws BillcastError EMBEDDED_FAILED if the server is not running
 */
export async function superuserOf(folder: string): Promise<string> {
  const port = await readPort(join(folder, 'port'));
  if (port === undefined) {
    throw new BillcastError('EMBEDDED_FAILED', `No PostgreSQL is running in ${folder}.`);
  }
  const { billcast, superuser } = await readPasswords(folder);
  return superuser === undefined ? databaseUrl(port, billcast) : superuserUrl(port, superuser);
}

async function readPasswords(folder: string): Promise<Passwords> {
  return {
    billcast: await readPassword(folder),
    superuser: await readSuperuserPassword(folder),
  };
}

interface ReadyPostgres {
  readonly url: string;
  readonly port: number;
  readonly version: string;
}

/** Undefined if the server is not running, or ended while we waited for its answer. */
async function readyPostgres(folder: string): Promise<ReadyPostgres | undefined> {
  const files = filesIn(folder);
  if ((await findDaemon(files)) === undefined) return undefined;
  const port = await readPort(join(folder, 'port'));
  if (port === undefined) {
    await stopPostgres(folder);
    return undefined;
  }
  const passwords = await readPasswords(folder);
  const version = await untilReady(files, () => probePostgres(port, passwords), readyDeadlineMs);
  return version === undefined ? undefined : { url: databaseUrl(port, passwords.billcast), port, version };
}

/** After a kill -9 the children of the old server may hold its memory for a moment, so a start is retried. */
async function launch(folder: string, binaries: PostgresBinaries, user: ServerUser): Promise<ReadyPostgres> {
  const deadline = performance.now() + retryDeadlineMs;
  for (;;) {
    const settings = settingArgs(postgresSettings(await keepPort(join(folder, 'port'))));
    const line = [...user.prefix, binaries.postgres, '-D', join(folder, 'cluster'), ...settings];
    const [command = binaries.postgres, ...args] = line;
    await launchDaemon(filesIn(folder), { command, args, cwd: '/', ...user.ids });
    const ready = await readyPostgres(folder);
    if (ready !== undefined) return ready;
    if (performance.now() > deadline || !(await failedForNow(folder))) throw await failure(folder);
    await sleep(100);
  }
}

function filesIn(folder: string): DaemonFiles {
  return {
    pidFile: join(folder, 'pid'),
    logFile: join(folder, 'server.log'),
    marker: `-D ${join(folder, 'cluster')} `,
  };
}

/** The old server's memory, lock file or port may be free a moment later. */
async function failedForNow(folder: string): Promise<boolean> {
  return /still in use|already in use|already exists/.test(await tailOf(filesIn(folder).logFile, 5));
}

async function failure(folder: string): Promise<BillcastError> {
  const { logFile } = filesIn(folder);
  const cause = new Error(await tailOf(logFile, 5));
  return new BillcastError('EMBEDDED_FAILED', `The embedded PostgreSQL did not start; see ${logFile}.`, {
    cause,
  });
}
