import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { isAlive, ownIdentity, type ProcessIdentity, parseIdentity } from './process.ts';

/*
 * A lock is a file with the identity of its owner. link(2) creates it complete or not at all. To remove the
 * lock of a dead owner, a process must hold the guard lock named after that owner, and the file must still be
 * that owner's: so a fresh lock is never removed. The guard of a dead holder is removed the same way.
 */

const pollMs = 20;

export interface LockOptions {
  readonly path: string;
  /** Called once if another live process holds the lock. */
  readonly onWait?: (owner: ProcessIdentity) => void;
  /** How long to wait for a live owner. */
  readonly deadlineMs?: number;
}

/**
 * Runs the work while this call alone holds the lock, across processes and within this one.
 * @throws BillcastError EMBEDDED_FAILED if a live process holds it beyond the deadline (5 minutes by default)
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(options);
  try {
    return await work();
  } finally {
    await rm(options.path, { force: true });
  }
}

async function acquire({ path, onWait, deadlineMs = 300_000 }: LockOptions): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let hasReported = false;
  while (!(await tryCreate(path))) {
    const owner = await readOwner(path);
    if (owner === undefined) continue;
    if (!isAlive(owner)) {
      await breakStale(path, owner);
      continue;
    }
    if (!hasReported) onWait?.(owner);
    hasReported = true;
    if (performance.now() > deadline) {
      throw new BillcastError(
        'EMBEDDED_FAILED',
        `Process ${owner.pid} has held ${path} for too long: stop it and try again.`,
      );
    }
    await sleep(pollMs);
  }
}

async function tryCreate(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, JSON.stringify(ownIdentity()));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function breakStale(path: string, dead: ProcessIdentity): Promise<void> {
  const guard = `${path}.${dead.pid}-${dead.startedAt.replace(/\W/g, '')}`;
  await withLock({ path: guard }, async () => {
    const owner = await readOwner(path);
    if (owner?.pid === dead.pid && owner.startedAt === dead.startedAt) await rm(path, { force: true });
  });
}

/** Undefined if the lock is gone. A file that is not a lock counts as a dead owner's. */
async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(await readFile(path, 'utf8')) ?? { pid: 0, startedAt: '' };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
