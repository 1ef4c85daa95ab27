import { cpus, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../src/db/database.ts';
import { kafkaVersion } from '../../../src/embedded/kafkaJars.ts';
import { readServerVersion } from '../benchRows.ts';

/** Where and with what a measurement was made. */
export interface Machine {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** The server's version. Kafka's is known only if it is embedded. */
  readonly postgres: string;
  readonly kafka: string;
  /** The share of all cores that other programs used right before. */
  readonly busyBefore: number;
}

export async function describeMachine(
  database: Database,
  { embeddedKafka, busyBefore }: { embeddedKafka: boolean; busyBefore: number },
): Promise<Machine> {
  return {
    at: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    postgres: await readServerVersion(database),
    kafka: embeddedKafka ? kafkaVersion : 'the user’s own',
    busyBefore,
  };
}

const watchMs = 2_000;

/** The share of all cores that is busy, over two seconds. Call it before anything of ours runs. */
export async function measureBusyShare(): Promise<number> {
  const before = cpuTimes();
  await sleep(watchMs);
  const after = cpuTimes();
  return (after.busy - before.busy) / Math.max(1, after.total - before.total);
}

function cpuTimes(): { busy: number; total: number } {
  const times = cpus().map((core) => core.times);
  const sum = (pick: (core: (typeof times)[number]) => number): number =>
    times.reduce((all, core) => all + pick(core), 0);
  const total = sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return { busy: total - sum(({ idle }) => idle), total };
}

const quietShare = 0.1;

/** One line for people. It says if the machine was busy, since the figures mean little then. */
export function machineLine(machine: Machine): string {
  const busy = machine.busyBefore > quietShare ? ' BUSY: other programs were running.' : '';
  return (
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GiB, Linux ${machine.kernel}, ` +
    `Node ${machine.node}, PostgreSQL ${machine.postgres}, Kafka ${machine.kafka}; ${machine.at}; ` +
    `${(machine.busyBefore * 100).toFixed(0)} % busy before.${busy}`
  );
}
