import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Builds a folder beside its place and renames it into it when it is whole, so that a killed build leaves nothing
 * that could be taken for the real one. Does nothing where the folder stands already. The caller holds the lock.
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
