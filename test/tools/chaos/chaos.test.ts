import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { kindsFor } from '../../../tools/chaos/schedule.ts';

/** As a person runs it: its own servers and processes, whatever the settings of the tests name. */
function startRun(args: readonly string[]) {
  const child = spawn(process.execPath, [join(projectDir, 'src', 'cli', 'billcast.ts'), 'chaos', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk));
  return {
    child,
    output: () => output,
    told: () => told,
    exited: once(child, 'exit'),
    /** Resolves when it has printed this. */
    async until(pattern: RegExp) {
      while (!pattern.test(output)) await once(child.stdout, 'data');
    },
  };
}

/** Pids of processes whose command line or working folder is in the folder. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return commandLine.includes(folder) || readlinkSync(`/proc/${name}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

const lookEveryMs = 50;

async function untilProcesses(folder: string, isSo: (count: number) => boolean): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (!isSo(processesIn(folder).length)) {
    assert.ok(performance.now() < giveUpAt, `processes in ${folder}: ${processesIn(folder)}`);
    await sleep(lookEveryMs);
  }
}

function folderOf(run: { output(): string }): string {
  return /ledger in (\S+)/.exec(run.output())?.[1] ?? assert.fail('it names no folder');
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true });
}

/** The options of a run that is ended early. */
const oneThatStops = ['--bills', '50', '--minutes', '5', '--dispatchers', '1', '--only', 'stop'];

/** Each run has its own servers, and mostly waits for them. */
describe('a short run of chaos', { concurrency: 2 }, () => {
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
    assert.equal(code, 0, run.told());
    const facts = JSON.parse(run.output());
    const { lost, duplicated, untrue, poisonLost, inDoubt, delivered, failed, quiet } = facts;
    assert.deepEqual(
      { lost, duplicated, untrue, poisonLost, inDoubt, quiet, bills: delivered + failed },
      { lost: 0, duplicated: 0, untrue: 0, poisonLost: 0, inDoubt: 0, quiet: true, bills: 600 },
    );
    assert.ok(Object.keys(facts.faults).length > kindsFor(1).length / 2, `faults struck: ${run.told()}`);
    assert.deepEqual(processesIn(facts.folder), []);
    remove(facts.folder);
  });

  it('keeps every promise while brokers of a cluster die and partitions have no leader', async () => {
    const run = startRun([
      ...['--brokers', '3', '--seed', '143', '--bills', '400', '--minutes', '0.2', '--dispatchers', '2'],
      ...['--only', 'leader,leaderless,kill', '--json'],
    ]);
    const [code] = await run.exited;
    assert.equal(code, 0, run.told());
    const facts = JSON.parse(run.output());
    const { lost, duplicated, poisonLost, lettersLost, recordsLost, unexplained, quiet } = facts;
    assert.deepEqual(
      { lost, duplicated, poisonLost, lettersLost, recordsLost, unexplained, quiet },
      { lost: 0, duplicated: 0, poisonLost: 0, lettersLost: 0, recordsLost: 0, unexplained: 0, quiet: true },
    );
    assert.ok(facts.faults.leader.count > 0 && facts.faults.leaderless.count > 0, run.told());
    assert.deepEqual(processesIn(facts.folder), []);
    remove(facts.folder);
  });

  it('ends its processes also when it is broken off in the middle', async () => {
    const run = startRun(['--seed', '8', ...oneThatStops]);
    await run.until(/SIGSTOP of/);
    const folder = folderOf(run);
    assert.notDeepEqual(processesIn(folder), []);
    run.child.kill('SIGINT');
    const [code] = await run.exited;
    assert.equal(code, 1);
    assert.deepEqual(processesIn(folder), []);
    remove(folder);
  });

  it('leaves nothing behind when it is killed with -9, dispatchers that stand still included', async () => {
    const run = startRun(['--seed', '9', ...oneThatStops]);
    await run.until(/SIGSTOP of/);
    const folder = folderOf(run);
    run.child.kill('SIGKILL');
    await untilProcesses(folder, (count) => count === 0);
    remove(folder);
  });

  it('leaves nothing behind when it is killed with -9 while it starts its servers', async () => {
    const run = startRun(['--seed', '10', '--bills', '200']);
    await run.until(/ledger in \S+/);
    const folder = folderOf(run);
    await untilProcesses(folder, (count) => count > 2);
    run.child.kill('SIGKILL');
    await untilProcesses(folder, (count) => count === 0);
    remove(folder);
  });
});
