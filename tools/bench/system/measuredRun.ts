import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../../src/db/database.ts';
import type { BenchOptions } from '../options.ts';
import { lastBillIdOf } from '../seedBills.ts';
import { type BenchServers, benchDir, connect } from './benchServers.ts';
import { createRunTopics, type RunTopics } from './benchTopics.ts';
import { childEnvironment } from './childEnvironment.ts';
import { type BenchDatabase, copySeedDatabase } from './databases.ts';

/** A new database and new topics for one measurement. */
export interface BenchRun {
  readonly name: string;
  readonly servers: BenchServers;
  readonly database: Database;
  /** The last bill that is sent. Bills of the history have higher ids. */
  readonly lastBillId: number;
  readonly topics: RunTopics;
  /** Where the simulated provider writes what it accepts. */
  readonly ledgerFile: string;
  /** The environment of the measured processes. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes a run for some work, and removes it whatever happens. */
export async function lendRun<T>(
  about: {
    readonly name: string;
    readonly servers: BenchServers;
    readonly seed: BenchDatabase;
    readonly options: BenchOptions;
  },
  work: (run: BenchRun) => Promise<T>,
): Promise<T> {
  const { servers, seed, options } = about;
  const copy = await copySeedDatabase(servers, seed, about.name);
  const topics = await createRunTopics(
    servers,
    copy.name,
    options.partitions ?? servers.config.kafka.partitions,
  );
  const database = connect(servers, copy.url);
  const ledgerFile = join(benchDir, `${copy.name}.jsonl`);
  const env = childEnvironment({ ledgerFile, servers, database: copy, topics, options });
  try {
    const lastBillId = lastBillIdOf(options.bills);
    return await work({ name: about.name, servers, database, lastBillId, topics, ledgerFile, env });
  } finally {
    await database.close();
    await Promise.all([topics.delete(), copy.drop(), rm(ledgerFile, { force: true })]);
  }
}
