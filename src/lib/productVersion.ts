import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from './projectDir.ts';

const manifest = z.object({ version: z.string() });

/** The version of this billcast, as its package.json says. */
export function readProductVersion(): string {
  return manifest.parse(JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))).version;
}
