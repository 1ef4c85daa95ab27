import { glob, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serversFolder } from './chaosServers.ts';

/** Makes a new folder for a run with this seed. */
export async function makeRunFolder(dataDir: string, seed: number): Promise<string> {
  const at = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const folder = join(dataDir, 'chaos', `${at}-seed-${seed}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Keeps the logs and the ledger of a run. The servers' data are deleted, and their logs move to the other
 * logs.
 */
export async function keepLogsOnly(folder: string): Promise<void> {
  const servers = serversFolder(folder);
  for await (const log of glob('{kafka,postgres,kafka-*/*}/server.log', { cwd: servers })) {
    const name = dirname(log).replaceAll('/', '-');
    await rename(join(servers, log), join(folder, 'logs', `${name}.log`)).catch(() => undefined);
  }
  await rm(servers, { recursive: true, force: true });
}
