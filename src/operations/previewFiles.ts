import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder into which `preview` writes messages by default. */
export function previewFolderOf(dataDir: string): string {
  return join(dataDir, 'preview');
}

/** The beginning of the names of a bill's files. */
export function previewNameOf(billId: string): string {
  return billId.replaceAll(/[^\w.-]/g, '_');
}

/** Deletes the files of these bills, or only counts them. A missing folder counts as empty. */
export async function removePreviews(
  folder: string,
  billIds: readonly string[],
  { deletes }: { readonly deletes: boolean },
): Promise<number> {
  const names = new Set(billIds.map(previewNameOf));
  const files = await readdir(folder).catch(ifMissing);
  const theirs = files.filter((file) => partsBefore(file).some((name) => names.has(name)));
  if (deletes) await Promise.all(theirs.map((file) => rm(join(folder, file), { force: true })));
  return theirs.length;
}

/** `42.sms.txt` may belong to the bill 42 or, since ids may contain dots, to the bill 42.sms. */
function partsBefore(file: string): string[] {
  return [...file.matchAll(/\./g)].map(({ index }) => file.slice(0, index));
}

function ifMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
