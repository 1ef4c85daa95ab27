import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { documentPaths, fencesIn, readPage } from '../support/documentPages.ts';
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

/** The project's files in a folder of their own, so that a page may write beside them. */
function layOut(): string {
  const copy = mkdtempSync(join(folder, 'page-'));
  for (const name of readdirSync(projectDir)) {
    if (!name.startsWith('.')) symlinkSync(join(projectDir, name), join(copy, name));
  }
  mkdirSync(join(copy, '.path'));
  mkdirSync(join(copy, 'tmp'));
  // npx runs what is in node_modules/.bin, but takes most of a second to find it.
  writeFileSync(join(copy, '.path', 'npx'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(copy, '.path', 'npx'), 0o755);
  return copy;
}

/** In one shell, which stops at an error, with the test's servers. What it writes into /tmp goes elsewhere. */
async function run(blocks: string): Promise<{ code: number | null; output: string }> {
  const cwd = layOut();
  const script = `exec 2>&1\n${blocks.replaceAll('/tmp/', `${join(cwd, 'tmp')}/`)}`;
  const path = [join(cwd, '.path'), join(projectDir, 'node_modules', '.bin'), bareEnvironment['PATH']].join(
    ':',
  );
  const child = spawn('/bin/bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: { ...bareEnvironment, ...system.environment, PATH: path, HOME: cwd },
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
