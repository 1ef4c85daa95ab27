import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity, parseIdentity } from './process.ts';

/** Registers this process as a user of the servers. Returns the file to remove when it no longer is one. */
export async function registerUser(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const identity = ownIdentity();
  const file = join(folder, `${identity.pid}-${randomUUID().slice(0, 8)}`);
  await writeFile(file, JSON.stringify(identity));
  return file;
}

/** The pids of the live processes that use the servers. Removes the entries of dead ones. */
export async function liveUsers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const pids = await Promise.all(names.map((name) => livePid(join(folder, name))));
  return [...new Set(pids.filter((pid) => pid !== undefined))].sort((a, b) => a - b);
}

/** An entry without an identity is still being written, and is left alone. */
async function livePid(file: string): Promise<number | undefined> {
  const identity = parseIdentity(await readFile(file, 'utf8').catch(() => ''));
  if (identity === undefined) return undefined;
  if (isAlive(identity)) return identity.pid;
  await rm(file, { force: true });
  return undefined;
}
