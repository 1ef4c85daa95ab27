import { spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { inspectProcess } from './process.ts';

/*
 * A daemon is identified by its pid file and by words of its command line: the pid alone may belong to a
 * process that was started long after the daemon died. A shell starts the daemon in its own session and
 * writes the pid file, so that neither Ctrl-C, nor the end of billcast's process, nor killing its process
 * tree stops the daemon.
 */

const pollMs = 25;
const largestLogBytes = 10_000_000;

export interface DaemonFiles {
  readonly pidFile: string;
  readonly logFile: string;
  /** Words that occur in the command line of this daemon only. */
  readonly marker: string;
}

/** What `billcast embedded status` reports about one server. */
export interface ServerFacts {
  readonly running: boolean;
  readonly pid?: number;
  readonly port?: number;
  readonly version?: string;
}

export interface DaemonCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** The pid of the daemon if it is running, that is, until it has released its files and ports. */
export async function findDaemon({ pidFile, marker }: DaemonFiles): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  const commandLine = pid > 0 ? inspectProcess(pid)?.commandLine : undefined;
  return commandLine === '' || commandLine?.includes(marker) ? pid : undefined;
}

/** Starts a daemon. Its output is appended to its log. The pid file is written when this returns. */
export async function launchDaemon(
  files: DaemonFiles,
  { command, args, cwd, uid, gid }: DaemonCommand,
): Promise<void> {
  const log = await openLog(files.logFile);
  const pid = await open(files.pidFile, 'w');
  try {
    const child = spawn('sh', ['-c', '"$@" 3>&- & echo $! >&3', 'sh', command, ...args], {
      cwd,
      detached: true,
      stdio: ['ignore', log.fd, log.fd, pid.fd],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  } finally {
    await Promise.all([log.close(), pid.close()]);
  }
}

/**
 * Waits until the probe finds something, and returns it; undefined if the daemon ended first.
 * @throws BillcastError EMBEDDED_FAILED if the daemon is running and nothing is found within the deadline
 */
export async function untilReady<T>(
  files: DaemonFiles,
  probe: () => Promise<T | undefined>,
  deadlineMs: number,
): Promise<T | undefined> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if ((await findDaemon(files)) === undefined) return undefined;
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new BillcastError(
        'EMBEDDED_FAILED',
        `A server has not answered within ${deadlineMs} ms; see ${files.logFile}.`,
      );
    }
    await sleep(pollMs);
  }
}

/**
 * Sends the signals in turn and waits for each to take effect. Returns when the daemon is gone.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function stopDaemon(
  files: DaemonFiles,
  signals: readonly { signal: NodeJS.Signals; waitMs: number }[],
): Promise<void> {
  for (const { signal, waitMs } of signals) {
    const deadline = performance.now() + waitMs;
    const pid = await findDaemon(files);
    if (pid === undefined) return;
    process.kill(pid, signal);
    while (performance.now() < deadline) {
      if ((await findDaemon(files)) === undefined) return;
      await sleep(pollMs);
    }
  }
  throw new BillcastError('EMBEDDED_FAILED', `A server did not stop; see ${files.logFile}.`);
}

/** The last matching lines of the log, to explain a failed start. */
export async function tailOf(logFile: string, lines: number, matching = /./): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const chosen = text.split('\n').filter((line) => matching.test(line));
  return chosen.slice(-lines).join('\n');
}

async function openLog(logFile: string) {
  const size = await stat(logFile).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(logFile, `${logFile}.1`);
  return open(logFile, 'a');
}
