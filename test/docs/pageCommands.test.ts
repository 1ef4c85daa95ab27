import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { documentPaths, fencesIn, readPage } from '../support/documentPages.ts';
import { copyProject } from '../support/projectCopy.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

const folder = useTemporaryFolder();
let system: TestSystem;

before(async () => {
  system = await createTestSystem({ SIMULATED_DELAY_MS: '10' });
});
after(() => system?.destroy());

/** The blocks of a page that begin with "```sh run", in their order. */
function scriptOf(path: string): string {
  return fencesIn(readPage(path))
    .filter(({ info }) => info === 'sh run')
    .map(({ text: block }) => block)
    .join('\n');
}

/**
 * Runs blocks in one shell with the test's servers, up to the first error. Files in /tmp go to its own
 * folder.
 */
async function run(blocks: string): Promise<{ code: number | null; output: string }> {
  const copy = copyProject(folder);
  const temporary = join(copy.folder, 'tmp');
  mkdirSync(temporary);
  const script = `exec 2>&1\n${blocks.replaceAll('/tmp/', `${temporary}/`)}`;
  const child = spawn('/bin/bash', ['-euo', 'pipefail', '-c', script], {
    cwd: copy.folder,
    env: { ...system.environment, ...copy.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const output = await text(child.stdout);
  return { code: await ended, output };
}

describe('the commands of a page', { concurrency: 2 }, () => {
  for (const path of documentPaths.filter((page) => scriptOf(page) !== '')) {
    it(`work as they are written: ${path}`, async () => {
      const { code, output } = await run(scriptOf(path));
      assert.equal(code, 0, output);
    });
  }
});
