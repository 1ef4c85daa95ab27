import { mkdir } from 'node:fs/promises';
import type { BenchOptions } from '../options.ts';
import { describeMachine, type Machine, measureBusyShare } from '../report/machine.ts';
import { seedBills } from '../seedBills.ts';
import { benchDir, connect, openBenchServers, say } from './benchServers.ts';
import { createSeedDatabase } from './databases.ts';
import { type BenchRun, lendRun } from './measuredRun.ts';

/** Servers with a database of sample bills, which each run copies. */
export interface Bench {
  readonly machine: Machine;
  /** Lends a fresh copy of the bills and fresh topics. */
  withRun<T>(name: string, work: (run: BenchRun) => Promise<T>): Promise<T>;
}

/** Opens servers, makes the sample bills, and removes everything afterwards. */
export async function withBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  await mkdir(benchDir, { recursive: true });
  const busyBefore = await measureBusyShare();
  const servers = await openBenchServers();
  try {
    const server = connect(servers, servers.databaseUrl);
    const embeddedKafka = servers.config.kafka.brokers === undefined;
    const machine = await describeMachine(server, { embeddedKafka, busyBefore }).finally(() =>
      server.close(),
    );
    const seed = await createSeedDatabase(servers);
    try {
      say(`Making ${options.bills.toLocaleString('en')} sample bills.`);
      await seedBills(servers, seed, options);
      return await work({
        machine,
        withRun: (name, measure) => lendRun({ name, servers, seed, options }, measure),
      });
    } finally {
      await seed.drop();
    }
  } finally {
    await servers.close();
  }
}
