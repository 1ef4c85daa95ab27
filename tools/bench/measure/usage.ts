import { readCpuUs, readProportionalBytes, readResidentBytes, readThreads, readTree } from './proc.ts';

/** CPU in microseconds and peak memory in bytes, from `watchUsage` to its end. */
export interface ProcessUsage {
  /** The main loops. */
  readonly mainLoopUs: number;
  /** The render threads. */
  readonly renderThreadsUs: number;
  /** Garbage collection, compilation and I/O of Node. */
  readonly otherThreadsUs: number;
  readonly postgresUs: number | undefined;
  readonly kafkaUs: number | undefined;
  /** The peak of all measured Node processes together. */
  readonly nodeBytes: number;
  /** The memory of these processes at each sample; `atMs` since 1970. */
  readonly nodeSamples: readonly { readonly atMs: number; readonly bytes: number }[];
  readonly postgresBytes: number | undefined;
  readonly kafkaBytes: number | undefined;
}

export interface Watched {
  readonly node: readonly number[];
  readonly postgres?: number | undefined;
  readonly kafka?: number | undefined;
}

const sampleEveryMs = 1_000;
/** Adding up the page tables of all PostgreSQL processes each second would take 3 % of two cores. */
const postgresMemoryEveryMs = 5_000;

/**
 * Samples the processes every second, and PostgreSQL's memory every five. What a PostgreSQL backend uses
 * between its last sample and its end is missed, nothing else.
 */
export function watchUsage(watched: Watched): { end(): ProcessUsage } {
  const cpu = { main: counter(), render: counter(), other: counter(), postgres: counter(), kafka: counter() };
  const peak = { postgres: 0, kafka: 0 };
  const nodeSamples: { atMs: number; bytes: number }[] = [];
  let postgresMemoryAtMs = Number.NEGATIVE_INFINITY;

  const sampleNode = (): void => {
    for (const pid of watched.node) {
      for (const thread of readThreads(pid)) cpu[dutyOf(pid, thread)].saw(thread.tid, thread.cpuUs);
    }
    nodeSamples.push({ atMs: Date.now(), bytes: sum(watched.node.map(readResidentBytes)) });
  };
  const sampleServers = ({ postgres, kafka }: Watched): void => {
    const backends = postgres === undefined ? [] : readTree(postgres);
    for (const pid of backends) cpu.postgres.saw(pid, readCpuUs(pid));
    if (performance.now() - postgresMemoryAtMs >= postgresMemoryEveryMs) {
      postgresMemoryAtMs = performance.now();
      peak.postgres = Math.max(peak.postgres, sum(backends.map(readProportionalBytes)));
    }
    if (kafka === undefined) return;
    cpu.kafka.saw(kafka, readCpuUs(kafka));
    peak.kafka = Math.max(peak.kafka, readResidentBytes(kafka));
  };
  const sample = (): void => {
    sampleNode();
    sampleServers(watched);
  };

  sample();
  for (const count of Object.values(cpu)) count.begin();
  const timer = setInterval(sample, sampleEveryMs);
  return {
    end() {
      clearInterval(timer);
      sample();
      return {
        mainLoopUs: cpu.main.total(),
        renderThreadsUs: cpu.render.total(),
        otherThreadsUs: cpu.other.total(),
        postgresUs: watched.postgres === undefined ? undefined : cpu.postgres.total(),
        kafkaUs: watched.kafka === undefined ? undefined : cpu.kafka.total(),
        nodeBytes: Math.max(...nodeSamples.map(({ bytes }) => bytes)),
        nodeSamples,
        postgresBytes: watched.postgres === undefined ? undefined : peak.postgres,
        kafkaBytes: watched.kafka === undefined ? undefined : peak.kafka,
      };
    },
  };
}

/** Adds up what each id has used since `begin`. An id that appears later counts from its start. */
function counter() {
  const last = new Map<number, number>();
  let before = 0;
  const used = (): number => sum([...last.values()]);
  return {
    saw: (id: number, cpuUs: number) => void last.set(id, cpuUs),
    begin: () => {
      before = used();
    },
    total: () => used() - before,
  };
}

/** Node gives the threads of `worker_threads` this name; V8's and libuv's have others. */
function dutyOf(pid: number, { tid, name }: { tid: number; name: string }): 'main' | 'render' | 'other' {
  if (tid === pid) return 'main';
  return name === 'WorkerThread' ? 'render' : 'other';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
