import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BillcastError } from '../errors.ts';

/** SHA-256 in hexadecimal, by file name. */
export type Checksums = ReadonlyMap<string, string>;

/** Reads the output of `sha256sum *`. */
export async function readChecksums(file: string): Promise<Checksums> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, sum = '', name = ''] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return [name, sum];
    }),
  );
}

/**
 * Checks that a folder holds exactly the files on the list, unchanged.
 * @throws BillcastError EMBEDDED_FAILED with the first file that differs, is missing, or is not on the list
 */
export async function verifyChecksums(folder: string, checksums: Checksums): Promise<void> {
  const names = await readdir(folder);
  const unexpected = names.find((name) => !checksums.has(name));
  if (unexpected !== undefined) throw differs(`${unexpected} is not on the list`);
  for (const [name, expected] of checksums) {
    if (!names.includes(name)) throw differs(`${name} is missing`);
    const sum = await sha256(join(folder, name));
    if (sum !== expected) throw differs(`${name} has the SHA-256 ${sum}, expected ${expected}`);
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function differs(what: string): BillcastError {
  return new BillcastError(
    'EMBEDDED_FAILED',
    `The fetched files are not those that billcast was built with: ${what}. None of them is used. ` +
      'Check the Maven repository or proxy they came from, and ~/.m2.',
  );
}
