import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Builds a folder as a draft and renames it when it is complete, so that a killed build is never taken for
 * the real folder. Does nothing if the folder exists. The caller holds the lock.
 */
export async function buildFolder(path: string, build: (draft: string) => Promise<void>): Promise<void> {
  if (await exists(path)) return;
  const draft = `${path}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await build(draft);
  await rename(draft, path);
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
