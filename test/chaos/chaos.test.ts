import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { faultKinds } from '../../src/chaos/schedule.ts';
import { projectDir } from '../../src/config.ts';

/** As a person runs it: its own servers and processes, whatever the settings of the tests name. */
const startRun = (args: readonly string[]) => {
  const child = spawn(process.execPath, [join(projectDir, 'src', 'cli', 'billcast.ts'), 'chaos', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, output: text(child.stdout), told: text(child.stderr), exited: once(child, 'exit') };
};

/** Pids of processes whose command line or working folder is in the folder. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });

describe('a short run of chaos', () => {
  it('keeps every promise while everything is broken, and leaves no process behind', async () => {
    const run = startRun([
      '--seed',
      '7',
      '--bills',
      '600',
      '--minutes',
      '0.3',
      '--dispatchers',
      '2',
      '--json',
    ]);
    const [code] = await run.exited;
    const told = await run.told;
    assert.equal(code, 0, told);
    const facts = JSON.parse(await run.output);
    const { lost, duplicated, untrue, poisonLost, inDoubt, delivered, failed, quiet } = facts;
    assert.deepEqual(
      { lost, duplicated, untrue, poisonLost, inDoubt, quiet, bills: delivered + failed },
      { lost: 0, duplicated: 0, untrue: 0, poisonLost: 0, inDoubt: 0, quiet: true, bills: 600 },
    );
    assert.ok(Object.keys(facts.faults).length > faultKinds.length / 2, `faults struck: ${told}`);
    assert.deepEqual(processesIn(facts.folder), []);
  });

  it('ends its processes also when it is broken off in the middle', async () => {
    const run = startRun(['--seed', '8', '--bills', '600', '--minutes', '5', '--dispatchers', '1']);
    let folder = '';
    for await (const chunk of run.child.stdout) {
      folder ||= /ledger in (\S+)/.exec(String(chunk))?.[1] ?? '';
      if (String(chunk).includes('kill -9')) break;
    }
    run.child.kill('SIGINT');
    const [code] = await run.exited;
    assert.equal(code, 1);
    assert.deepEqual(processesIn(folder), []);
  });
});
