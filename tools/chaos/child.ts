import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { inspectProcess, listProcesses } from '../../src/embedded/process.ts';

/** A process that the run started, with its output in a file. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  readonly exited: Promise<void>;
}

/** Starts a Node program with only these settings. Its output is appended to `logFile`. */
export function startChild(options: {
  args: readonly string[];
  folder: string;
  settings: Record<string, string>;
  logFile: string;
}): Child {
  const { args, folder, settings, logFile } = options;
  const child = spawn(process.execPath, [markOf(folder), ...args], {
    // Not in the project's folder, whose .env must not apply.
    cwd: folder,
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const exited = once(child, 'exit').then(() => undefined);
  child.once('close', () => log.end());
  return { pid: child.pid ?? 0, process: child, exited };
}

/** `kill -9`, which also ends a stopped process. Resolves when it is gone. */
export async function killChild({ process: child, exited }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await exited;
}

/** `kill -9` of every child of the run in this folder, whoever started it. @returns how many there were */
export function killChildrenOf(folder: string): number {
  const mark = ` ${markOf(folder)} `;
  const pids = listProcesses().filter((pid) => inspectProcess(pid)?.commandLine.includes(mark));
  for (const pid of pids) killIfAlive(pid);
  return pids.length;
}

/** An option that marks the command line of every child, and of no other process. */
function markOf(folder: string): string {
  return `--diagnostic-dir=${join(folder, 'logs')}`;
}

/** It may exit between the look and the kill. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (inspectProcess(pid) !== undefined) throw error;
  }
}
