import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Identifies a process, and no later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

export interface RunningProcess extends ProcessIdentity {
  /** Arguments joined by spaces; empty for a moment while a process ends or executes another program. */
  readonly commandLine: string;
}

/** The parent of Linux's kernel threads, which never have a command line. */
const kernelThreads = '2';

/** What the operating system reports about a live process; undefined if it is gone or a zombie. */
export function inspectProcess(pid: number): RunningProcess | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The pids of all live processes. */
export function listProcesses(): number[] {
  return (process.platform === 'linux' ? readdirSync('/proc') : runPs(['-ax', '-o', 'pid=']).split('\n'))
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Whether this process is alive, and not a later one with its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
  return inspectProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, startedAt: inspectProcess(pid)?.startedAt ?? '' };
}

/** Parses an identity from JSON; undefined if the text is not one. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    if (!('pid' in parsed) || !('startedAt' in parsed)) return undefined;
    const { pid, startedAt } = parsed;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * proc(5): after the name in parentheses come the state, the parent, as 18th the number of threads, and as
 * 20th the start in ticks since boot. After a SIGKILL the main thread may be a zombie while other threads are
 * still ending: until the last one is gone, the process holds its ports.
 */
function fromProc(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, threads, ticks] = [fields[0], fields[1], Number(fields[17]), fields[19]];
    if (state === 'X' || (state === 'Z' && threads <= 1)) return undefined;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const commandLine = parent === kernelThreads ? `[kernel] ${words}` : words;
    return { pid, startedAt: `${bootId()}/${ticks}`, commandLine };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** ps(1): the state, five words of start time, then the command. */
function fromPs(pid: number): RunningProcess | undefined {
  try {
    const line = runPs(['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'args=', '-p', String(pid)]);
    const [state = 'Z', ...words] = line.trim().split(/\s+/);
    if (state.startsWith('Z')) return undefined;
    return { pid, startedAt: words.slice(0, 5).join(' '), commandLine: words.slice(5).join(' ') };
  } catch {
    return undefined;
  }
}

function runPs(args: string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
