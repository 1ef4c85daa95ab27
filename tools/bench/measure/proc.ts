import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU in ticks of 10 ms (USER_HZ is 100 on every architecture that Node runs on). */
const microsecondsPerTick = 10_000;

export interface ThreadCpu {
  readonly tid: number;
  readonly name: string;
  /** User and system time since the thread began. */
  readonly cpuUs: number;
}

/** CPU of each thread of a process; empty if it is gone, or if there is no /proc. */
export function readThreads(pid: number): ThreadCpu[] {
  return list(`/proc/${pid}/task`).flatMap((tid) => {
    const stat = read(`/proc/${pid}/task/${tid}/stat`);
    return stat === '' ? [] : [threadOf(Number(tid), stat)];
  });
}

/** CPU of a whole process in microseconds, including threads that have ended; 0 if it is gone. */
export function readCpuUs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? 0 : threadOf(pid, stat).cpuUs;
}

/**
 * Resident memory in bytes; 0 if the process is gone. Shared pages count in each process that touched
 * them.
 */
export function readResidentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024;
}

/** Memory that is this process's alone, and its share of what it has in common with others; in bytes. */
export function readProportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1_024;
}

/** The process and all its descendants. */
export function readTree(root: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of list('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(read(`/proc/${name}/stat`));
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/**
 * proc(5): after the name in parentheses come the state and the parent; user and system time are the 12th and
 * 13th.
 */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(stat: string): number {
  return Number(fieldsOf(stat)[1]);
}

function threadOf(tid: number, stat: string): ThreadCpu {
  const fields = fieldsOf(stat);
  return {
    tid,
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    cpuUs: (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick,
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
