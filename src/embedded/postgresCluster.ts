import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { buildFolder } from './atomicFolder.ts';
import type { PostgresBinaries } from './postgresBinaries.ts';
import { inspectProcess } from './process.ts';
import { run } from './runCommand.ts';
import type { ServerUser } from './serverUser.ts';

export interface ClusterOptions {
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly onProgress: (line: string) => void;
}

/**
 * Creates `<folder>/cluster` if it is missing, and makes it ready for a start. The caller holds the lock, and
 * no server is running.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function prepareCluster(options: ClusterOptions): Promise<void> {
  const cluster = join(options.folder, 'cluster');
  await buildFolder(cluster, (draft) => initCluster(options, draft));
  await removeStalePid(cluster);
}

/** The password of the user billcast, who owns the database of that name and has no other rights. */
export function readPassword(folder: string): Promise<string> {
  return readSecret(join(folder, 'password'));
}

/**
 * The superuser's password; undefined in a cluster of an earlier version, where billcast is the superuser.
 */
export function readSuperuserPassword(folder: string): Promise<string | undefined> {
  return readSecret(join(folder, 'superuser')).catch(() => undefined);
}

async function readSecret(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

async function initCluster(
  { folder, binaries, user, onProgress }: ClusterOptions,
  draft: string,
): Promise<void> {
  onProgress('Creating the embedded PostgreSQL cluster.');
  await writeSecret(folder, 'password');
  const passwordFile = await writeSecret(folder, 'superuser');
  const options = ['--locale=C', '--encoding=UTF8', '--username=postgres', '--auth=scram-sha-256'];
  const line = [...user.prefix, binaries.initdb, '-D', draft, `--pwfile=${passwordFile}`, ...options];
  const [command = binaries.initdb, ...args] = line;
  const outcome = await run(command, args, { cwd: '/', ...user.ids });
  if (outcome.kind === 'done') return;
  throw new BillcastError('EMBEDDED_FAILED', 'initdb could not create the embedded PostgreSQL cluster.', {
    cause: outcome.cause,
  });
}

/** Writes a random password that only the owner of the folder can read. */
async function writeSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  const owner = await stat(folder);
  await chown(file, owner.uid, owner.gid);
  return file;
}

/**
 * A killed server leaves its pid file behind. If another process of the same user has that pid now,
 * PostgreSQL refuses to start, so the file is removed, unless the process is a server of this cluster.
 */
async function removeStalePid(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!(pid > 0) || inspectProcess(pid)?.commandLine.includes(cluster)) return;
  await rm(pidFile, { force: true });
}
