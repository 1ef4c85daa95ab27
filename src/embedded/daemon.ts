import { spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { inspectProcess } from './process.ts';

/*
 * A daemon is known by its pid file and by words of its command line: a pid file alone may name a process that was
 * started long after the daemon died. The shell that starts it writes the pid file in the daemon's own session, so
 * that neither Ctrl-C nor the end of billcast's process, nor the killing of its process tree, touches a daemon.
 */

const pollMs = 25;
const largestLogBytes = 10_000_000;

export interface DaemonFiles {
  pidFile: string;
  logFile: string;
  /** Words that the command line of this daemon, and of no other, contains. */
  marker: string;
}

export interface DaemonCommand {
  command: string;
  args: readonly string[];
  cwd: string;
  uid?: number;
  gid?: number;
}

/** The pid of the daemon, if it runs; it does until it has released its files and ports. */
export async function findDaemon({ pidFile, marker }: DaemonFiles): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  const commandLine = pid > 0 ? inspectProcess(pid)?.commandLine : undefined;
  return commandLine === '' || commandLine?.includes(marker) ? pid : undefined;
}

/** Starts a daemon whose output is appended to its log; the pid file is written when this returns. */
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
 * Waits until the probe finds something, and returns it; undefined when the daemon ended before.
 * @throws BillcastError EMBEDDED_FAILED when it still runs and nothing is found after the deadline
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
        `A server does not answer after ${deadlineMs} ms; see ${files.logFile}.`,
      );
    }
    await sleep(pollMs);
  }
}

/** Sends the signals in turn, each with its time to take effect, and returns when the daemon is gone. */
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

/** The last lines of the log, among those that match, to explain a failed start. */
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
