import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity, parseIdentity } from './process.ts';

/** Notes in the folder that this process uses the servers; returns the file to remove when it no longer does. */
export async function registerUser(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const identity = ownIdentity();
  const file = join(folder, `${identity.pid}-${randomUUID().slice(0, 8)}`);
  await writeFile(file, JSON.stringify(identity));
  return file;
}

/** The pids of the live processes that use the servers. Entries of dead ones are removed. */
export async function liveUsers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const pids = await Promise.all(names.map((name) => livePid(join(folder, name))));
  return [...new Set(pids.filter((pid) => pid !== undefined))].sort((a, b) => a - b);
}

/** An entry without an identity is just being written, and is left alone. */
async function livePid(file: string): Promise<number | undefined> {
  const identity = parseIdentity(await readFile(file, 'utf8').catch(() => ''));
  if (identity === undefined) return undefined;
  if (isAlive(identity)) return identity.pid;
  await rm(file, { force: true });
  return undefined;
}
