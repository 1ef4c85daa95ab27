import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { fencesIn, readPage } from '../support/documentPages.ts';
import { copyProject } from '../support/projectCopy.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

const [, section = ''] = /^## The first five minutes$(.*?)^\| read/ms.exec(readPage('README.md')) ?? [];
const [gateway = '', start = '', month = '', settle = ''] = fencesIn(section).map((fence) => fence.text);
const folder = useTemporaryFolder();

/**
 * Runs the blocks of README's terminals, on free ports. Nobody is there to answer a question or to leave a
 * screen.
 */
describe('the first five minutes of README.md', () => {
  const services: ChildProcess[] = [];
  let system: TestSystem;
  let copy: ReturnType<typeof copyProject>;
  before(async () => {
    copy = copyProject(folder);
    system = await createTestSystem({ API_PORT: String(await freePort()) });
  });
  after(async () => {
    // Ends each process together with those that it started.
    for (const { pid, exitCode } of services) {
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
    }
    await system.destroy();
  });

  const shell = (script: string, detached: boolean) =>
    spawn('/bin/bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`], {
      cwd: copy.folder,
      env: { ...system.environment, ...copy.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached,
    });
  const serve = async (script: string, word: RegExp): Promise<void> => {
    const child = shell(script, true);
    services.push(child);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (part) => {
        said += String(part);
        if (word.test(said)) resolve();
      });
      child.on('close', () => reject(new Error(`it ended: ${said}`)));
    });
  };
  const run = async (script: string): Promise<string> => {
    const child = shell(script, false);
    const ended = new Promise((resolve) => child.on('close', resolve));
    const output = await text(child.stdout);
    assert.equal(await ended, 0, output);
    return output;
  };

  it('go as they are written', async () => {
    const port = String(await freePort());
    await serve(gateway.replaceAll('8090', port), new RegExp(port));
    await serve(start.replaceAll('8090', port), /Still running/);
    const unattended = month.replaceAll(/^billcast (seed|publish)/gm, '$& --yes');
    await run(unattended.replace(/^billcast watch {2}.*$/m, ''));
    const listed = JSON.parse(await run('billcast resolve --list --json 2>/dev/null'));
    const [id] = JSON.stringify(listed).match(/(?<="billId":"?)\d+/) ?? [];
    assert.ok(id !== undefined, 'the gateway breaks some connections');
    const output = await run(`export MONTH=$(date +%Y-%m)\n${settle.replaceAll(/\bID\b/g, id)}`);
    assert.match(output, /lost\s+0/);
    assert.match(output, /duplicated\s+0/);
  });
});
