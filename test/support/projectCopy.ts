import { chmodSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from './bareEnvironment.ts';

export interface ProjectCopy {
  readonly folder: string;
  /** The environment of a shell in it, besides the settings of a test. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The project's files in a folder of their own, so that commands of a page may write beside them. */
export function copyProject(parent: string): ProjectCopy {
  const folder = mkdtempSync(join(parent, 'page-'));
  for (const name of readdirSync(projectDir)) {
    if (!name.startsWith('.')) symlinkSync(join(projectDir, name), join(folder, name));
  }
  const programs = join(folder, '.path');
  mkdirSync(programs);
  // npx runs what is in node_modules/.bin, but takes most of a second to find it.
  writeFileSync(join(programs, 'npx'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(programs, 'npx'), 0o755);
  // npm is the one of the person who runs the tests.
  const path = [programs, join(projectDir, 'node_modules', '.bin'), process.env.PATH].join(':');
  return { folder, environment: { ...bareEnvironment, PATH: path, HOME: folder } };
}
