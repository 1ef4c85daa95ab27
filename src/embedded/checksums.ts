import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BillcastError } from '../errors.ts';

/** SHA-256 in hexadecimal, by file name. */
export type Checksums = ReadonlyMap<string, string>;

/** What a file holds that `sha256sum *` wrote. */
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
 * Makes sure that a folder holds exactly the files of the list, each byte as it was when the list was made.
 * @throws BillcastError EMBEDDED_FAILED with the first that differs, is missing, or is not on the list
 */
export async function verifyChecksums(folder: string, checksums: Checksums): Promise<void> {
  const names = await readdir(folder);
  const stranger = names.find((name) => !checksums.has(name));
  if (stranger !== undefined) throw differs(`${stranger} is not one of them`);
  for (const [name, expected] of checksums) {
    if (!names.includes(name)) throw differs(`${name} is missing`);
    const sum = await sha256(join(folder, name));
    if (sum !== expected) throw differs(`${name} has the SHA-256 ${sum}, and ${expected} was expected`);
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
    `What was fetched is not what billcast was built with: ${what}. Nothing of it is used. Look at the Maven repository or proxy that it came from, and at ~/.m2.`,
  );
}
