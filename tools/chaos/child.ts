import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { inspectProcess, listProcesses } from '../../src/embedded/process.ts';

/** A process of the run's own, with its output in a file. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Everything it wrote to standard error, as it comes. */
  readonly exited: Promise<void>;
}

/** Starts a Node program with these settings and no others; `logFile` is appended to. */
export function startChild(options: {
  args: readonly string[];
  folder: string;
  settings: Record<string, string>;
  logFile: string;
}): Child {
  const { args, folder, settings, logFile } = options;
  const child = spawn(process.execPath, [markOf(folder), ...args], {
    // Not in the project's folder: its .env is for somebody else.
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

/** `kill -9`, which also ends a process that stands still; returns when it is gone. */
export async function killChild({ process: child, exited }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await exited;
}

/** `kill -9` of every child of the run in this folder, by whomever it was started; returns how many there were. */
export function killChildrenOf(folder: string): number {
  const mark = ` ${markOf(folder)} `;
  const pids = listProcesses().filter((pid) => inspectProcess(pid)?.commandLine.includes(mark));
  for (const pid of pids) killIfAlive(pid);
  return pids.length;
}

/** An option that every child has in its command line, and no other process. */
function markOf(folder: string): string {
  return `--diagnostic-dir=${join(folder, 'logs')}`;
}

/** It may end between the look and the injection. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (inspectProcess(pid) !== undefined) throw error;
  }
}
